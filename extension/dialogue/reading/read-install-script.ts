import { readKeys } from '../../lab/reading/read-keys.ts';
import { ProblemList } from '../../lab/reading/report.ts';
import type { YamlMap } from '../../lab/reading/yaml-node.ts';
import { readYaml } from '../../lab/reading/yaml-tree.ts';
import type { IncludedFile } from '../../lab/model.ts';
import { didYouMean, NearestName, shown } from '../../lab/names.ts';
import { LineIndex, type TextSpan } from '../../lab/text-span.ts';
import { installKeys } from '../install-schema.ts';
import type { InstallScript, ScriptReading, Step } from '../install-script.ts';
import { allSteps } from '../step-list.ts';
import { StepReader } from './read-steps.ts';
import { readVariables } from './read-variables.ts';
import type { ScriptScope, WholeScript } from './script-scope.ts';

/** How long a step waits where nobody says anything. */
const defaultLimitMs = 60_000;

/**
 * What the script at `from` (absolute path; undefined: the script itself) includes by this name. Undefined: it was not
 * brought, and no problem for who does not know files.
 */
export type IncludeLookup = (from: string | undefined, name: string) => IncludedFile | undefined;

const nothing: IncludeLookup = () => undefined;
const example = '"steps: [{ expect: \'login: \', send: root }]"';

/** Reads and checks an install script. Never throws for bad input: whatever can be read is read, the rest are problems. */
export function readInstallScript(text: string, include: IncludeLookup = nothing): ScriptReading {
  const lengths = new Map<string, number>();
  const problems = new ProblemList(text.length, lengths);
  const whole: WholeScript = {
    include: (from, name) => {
      const file = include(from, name);
      if (file && 'text' in file) lengths.set(file.path, file.text.length);
      return file;
    },
    ...{ open: [], steps: 0, variables: new Map(), given: new Set(), uses: [] },
  };
  const outer = { report: problems.report, nearest: new NearestName(), file: undefined, whole };
  const script = readScript(
    { ...outer, lines: new LineIndex(text), limitMs: defaultLimitMs, pauseMs: undefined },
    text,
  );
  if (script) {
    checkNames(whole, outer);
    checkStepNames(script, outer);
  }
  return { script, problems: problems.inFileOrder() };
}

function readScript(scope: ScriptScope, text: string): InstallScript | undefined {
  const root = readYaml(text, scope.report, scope.file);
  if (root?.kind !== 'map') {
    const message = `This is no install script yet. It begins with keys such as ${example}.`;
    scope.report('not-a-script', root?.span ?? { start: 0, end: 0, ...fileOf(scope) }, message);
    return undefined;
  }
  return readRoot(scope, root);
}

function readRoot(outer: ScriptScope, root: YamlMap): InstallScript {
  const { values, nodes } = readKeys(outer, root, installKeys, ['vars', 'steps']);
  const scope = { ...outer, limitMs: values.timeout ?? outer.limitMs, pauseMs: values.typing ?? outer.pauseMs };
  readVariables(scope, nodes.vars);
  const steps = new StepReader(readIncluded).read(scope, nodes.steps);
  if (!nodes.steps) {
    const [first] = root.entries;
    scope.report('missing-key', first?.keySpan ?? root.span, `The script has no steps. Add ${example}.`);
  }
  return { description: values.description, vars: [...scope.whole.variables.values()], steps };
}

/** The steps of an included script, in the place of the step that includes it. */
function readIncluded(scope: ScriptScope, name: string, span: TextSpan): readonly Step[] {
  const { whole } = scope;
  const file = whole.include(scope.file, name);
  if (!file || 'refusal' in file) {
    const refusal = file?.refusal ?? `${shown(name)} is not read here: only a saved script includes others.`;
    scope.report('include-failed', span, refusal);
    return [];
  }
  if (whole.open.includes(file.path)) {
    scope.report('include-failed', span, `${shown(name)} includes itself. Remove this step.`);
    return [];
  }
  whole.open.push(file.path);
  const lines = new LineIndex(file.text);
  const steps = readScript({ ...scope, file: file.path, lines }, file.text)?.steps ?? [];
  whole.open.pop();
  return steps;
}

function checkNames({ variables, given, uses }: WholeScript, scope: Pick<ScriptScope, 'report' | 'nearest'>): void {
  const known = new Set([...variables.keys(), ...given]);
  for (const { name, span } of uses) {
    if (known.has(name)) continue;
    const hint =
      didYouMean(scope.nearest.find(name, known)) || ` Add it under "vars:", or write $\${ for the text \${.`;
    scope.report('unknown-variable', span, `There is no variable ${name}.${hint}`);
  }
}

/** An install begins at a step by its name, so of the names there is one each. */
function checkStepNames({ steps }: InstallScript, { report }: Pick<ScriptScope, 'report'>): void {
  const seen = new Map<string, Step>();
  for (const step of allSteps(steps)) {
    if (step.name === undefined) continue;
    const before = seen.get(step.name);
    if (!before) seen.set(step.name, step);
    else if (before.place.file === step.place.file && before.place.line !== step.place.line)
      report('step-double', step.place.span, `Two steps are called ${shown(step.name)}. Give one another name.`);
  }
}

const fileOf = ({ file }: ScriptScope): { readonly file?: string } => (file === undefined ? {} : { file });
