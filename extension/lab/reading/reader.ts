import { assembleLab, type Draft } from './assemble.ts';
import { checkLab } from '../checks/check-lab.ts';
import { layered, withDefaults, type DefaultsLayer, type SourcedDefaults } from '../defaults.ts';
import type { LabReading } from '../model.ts';
import { NearestName } from '../names.ts';
import { asItems, asMap, isEmpty, readKeys, type Scope } from './read-keys.ts';
import { readPins } from './read-picture.ts';
import { readSwitch } from './read-switch.ts';
import { readVm } from './read-vm.ts';
import { readGroup, readWire } from './read-wire.ts';
import { ProblemList } from './report.ts';
import { defaultsKeys, labKeys } from '../schema.ts';
import type { DefaultSource } from '../setting-source.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';
import { readYaml } from './yaml-tree.ts';

export interface ReadOptions {
  /** Gives the lab its name if the file does not: `x/dmz.lab.yaml` is the lab `dmz`. */
  readonly fileName?: string | undefined;
  /** Stronger than what is built in, weaker than the file; weakest first: settings of VS Code, `~/.kvmscript`. */
  readonly defaults?: readonly DefaultsLayer[] | undefined;
  /** The folder of the run-time folders, for the check of socket paths. */
  readonly runRoot?: string | undefined;
}

/** Reads and checks a lab file. Never throws for bad input: whatever can be read is read, the rest are problems. */
export function readLab(text: string, options: ReadOptions = {}): LabReading {
  const problems = new ProblemList(text.length);
  const scope: Scope = { report: problems.report, nearest: new NearestName() };
  const root = readYaml(text, problems.report);
  if (root?.kind !== 'map') {
    reportNoLab(scope, root);
    return { lab: undefined, problems: problems.inFileOrder() };
  }
  const lab = assembleLab(readDraft(scope, root, options), problems.report);
  checkLab(lab, scope, options.runRoot);
  return { lab, problems: problems.inFileOrder() };
}

function reportNoLab({ report }: Scope, root: YamlNode | undefined): void {
  const message = 'This is no lab yet. A lab file begins with keys such as "switches:" and "vms:".';
  report('not-a-lab', root?.span ?? { start: 0, end: 0 }, message);
}

function readDraft(scope: Scope, root: YamlMap, options: ReadOptions): Draft {
  const { values, nodes, spans } = readKeys(scope, root, labKeys, [
    'defaults',
    'switches',
    'vms',
    'groups',
    'wires',
    'picture',
  ]);
  const defaults = readDefaults(scope, nodes.defaults, layered(options.defaults ?? []));
  const nameSpan = spans['name'] ?? root.entries[0]?.keySpan ?? root.span;
  return {
    name: values.name ?? nameOfFile(options.fileName),
    nameSpan,
    description: values.description,
    switches: entriesOf(scope, nodes.switches, 'switches', '"lan:"').map(entry => readSwitch(scope, entry)),
    vms: entriesOf(scope, nodes.vms, 'vms', '"fw:"').map(entry => readVm(scope, entry, defaults.values)),
    groups: entriesOf(scope, nodes.groups, 'groups', '"office:"').map(entry => readGroup(scope, entry)),
    wires: asItems(scope, nodes.wires, 'wires', '"- { between: [lan, dmz] }"')
      .filter(item => !isEmpty(item))
      .flatMap(item => readWire(scope, item) ?? []),
    pins: readPins(scope, nodes.picture),
    defaultSources: defaults.sources,
    spans: { ...spans, name: nameSpan },
  };
}

function entriesOf(scope: Scope, node: YamlNode | undefined, what: string, example: string): readonly YamlEntry[] {
  return asMap(scope, node, what, example)?.entries ?? [];
}

function readDefaults(scope: Scope, node: YamlNode | undefined, weaker: SourcedDefaults): SourcedDefaults {
  const map = asMap(scope, node, 'defaults', '"memory: 512M"');
  if (!map) return weaker;
  const { values, spans } = readKeys(scope, map, defaultsKeys);
  const at = (key: keyof typeof defaultsKeys): DefaultSource => ({
    kind: 'lab-defaults',
    span: spans[key] ?? map.span,
  });
  const sources = {
    memory: at('memory'),
    cpus: at('cpus'),
    accel: at('accel'),
    model: at('model'),
    macPrefix: at('mac-prefix'),
    vnc: at('vnc'),
  };
  return withDefaults(weaker, { values: { ...values, macPrefix: values['mac-prefix'] }, sources });
}

/** `x/dmz.lab.yaml` → `dmz`; without a file, `lab`. */
function nameOfFile(fileName: string | undefined): string {
  const file = fileName?.split(/[/\\]/).at(-1) ?? '';
  return file.replace(/\.ya?ml$/i, '').replace(/\.lab$/i, '') || 'lab';
}
