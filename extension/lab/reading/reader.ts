import { assembleLab, type Draft } from './assemble.ts';
import { checkLab } from '../checks/check-lab.ts';
import { layered, withDefaults, type CompleteDefaults, type DefaultsLayer, type SourcedDefaults } from '../defaults.ts';
import type { IncludedFile, LabReading } from '../model.ts';
import { NearestName } from '../names.ts';
import { asItems, asMap, isEmpty, readKeys, type Scope } from './read-keys.ts';
import { expandVms } from './expand-vms.ts';
import { includedNames, mergedEntries, readIncluded, type IncludedPart } from './read-includes.ts';
import { readChecks } from './read-checks.ts';
import { readImage } from './read-image.ts';
import { readDefaultHost, readHost } from './read-host.ts';
import { readPins } from './read-picture.ts';
import { readSwitch } from './read-switch.ts';
import { readTemplates } from './read-templates.ts';
import { ownPresets, withPresets } from './read-faults.ts';
import { readGroups } from './read-groups.ts';
import { readDefaultShell } from './read-shell.ts';
import { readScenarios } from './read-scenarios.ts';
import { readVm, type DraftVm } from './read-vm.ts';
import { readWire } from './read-wire.ts';
import { ProblemList } from './report.ts';
import { defaultsKeys, labKeys } from '../schema.ts';
import type { LabCheck } from '../expectations/lab-check.ts';
import type { LabHost } from '../hosts/lab-host.ts';
import type { Problem } from '../problem.ts';
import type { Scenario } from '../scenario.ts';
import type { DefaultSource } from '../setting-source.ts';
import type { WirePreset } from '../wire-faults.ts';
import type { YamlMap, YamlNode } from './yaml-node.ts';
import type { YamlPieces } from './yaml-pieces.ts';
import { readYaml } from './yaml-tree.ts';

export interface ReadOptions {
  /** Gives the lab its name if the file does not: `x/dmz.lab.yaml` is the lab `dmz`. */
  readonly fileName?: string | undefined;
  /** Stronger than what is built in, weaker than the file; weakest first: settings of VS Code, `~/.kvmscript`. */
  readonly defaults?: readonly DefaultsLayer[] | undefined;
  /** The folder of the run-time folders, for the check of socket paths. */
  readonly runRoot?: string | undefined;
  /** The files that the lab includes; whoever reads the lab has read them, see `parseLab`. */
  readonly included?: readonly IncludedFile[] | undefined;
}

/** The text of a lab file, parsed, of which nothing is understood yet. */
export interface ParsedLab {
  readonly text: string;
  readonly root: YamlNode | undefined;
  /** The names of the files that it includes, which are to be read before the lab is. */
  readonly includes: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * The first half of `readLab`, for whoever can read included files. Never throws for bad input. `pieces`: what was parsed
 * of this text before it changed, which makes it faster and nothing else.
 */
export function parseLab(text: string, pieces?: YamlPieces): ParsedLab {
  const problems = new ProblemList(text.length);
  const root = pieces?.read(text, problems.report) ?? readYaml(text, problems.report);
  return { text, root, includes: includedNames(root), problems: problems.inFileOrder() };
}

/** Reads and checks a lab file. Never throws for bad input: whatever can be read is read, the rest are problems. */
export function readLab(source: string | ParsedLab, options: ReadOptions = {}): LabReading {
  const { text, root, problems: known } = typeof source === 'string' ? parseLab(source) : source;
  const included = options.included ?? [];
  const problems = new ProblemList(text.length, lengthsOf(included));
  const scope: Scope = { report: problems.report, nearest: new NearestName() };
  for (const { code, span, message, severity } of known) problems.report(code, span, message, severity);
  const whole = included.length === 0 ? {} : { included };
  if (root?.kind !== 'map') {
    reportNoLab(scope, root);
    return { lab: undefined, problems: problems.inFileOrder(), ...whole };
  }
  const draft = readDraft(scope, root, options);
  const { presets, scenarios, checks, hosts, locks } = draft;
  const lab = {
    ...assembleLab(draft, problems.report),
    ...(presets.length > 0 ? { presets } : {}),
    ...(scenarios.length > 0 ? { scenarios } : {}),
    ...(checks.length > 0 ? { checks } : {}),
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(locks === undefined ? {} : { locks }),
  };
  checkLab(lab, scope, options.runRoot);
  return { lab, problems: problems.inFileOrder(), ...whole };
}

const lengthsOf = (included: readonly IncludedFile[]): ReadonlyMap<string, number> =>
  new Map(included.flatMap(file => ('text' in file ? [[file.path, file.text.length] as const] : [])));

function reportNoLab({ report }: Scope, root: YamlNode | undefined): void {
  const message = 'This is no lab yet. A lab file begins with keys such as "switches:" and "vms:".';
  report('not-a-lab', root?.span ?? { start: 0, end: 0 }, message);
}

const structuredKeys = [
  ...(['defaults', 'templates', 'images', 'switches', 'vms', 'groups', 'wires'] as const),
  ...(['hosts', 'presets', 'scenarios', 'checks', 'picture'] as const),
] as const;

/** What needs nothing of the rest of the lab to be read. */
interface WholeLab {
  readonly presets: readonly WirePreset[];
  readonly scenarios: readonly Scenario[];
  readonly checks: readonly LabCheck[];
  readonly hosts: readonly LabHost[];
  readonly locks: string | undefined;
}

function readDraft(outer: Scope, root: YamlMap, options: ReadOptions): Draft & WholeLab {
  const { values, nodes, spans } = readKeys(outer, root, labKeys, structuredKeys);
  const shared = withPresets(outer, nodes.presets);
  const parts = readIncluded(shared, values.include ?? [], spans, options.included ?? []);
  const ofDefaults = [...parts.map(part => part.nodes.defaults), nodes.defaults];
  const defaults = ofDefaults.reduce(
    (weaker, node) => readDefaults(shared, node, weaker),
    layered(options.defaults ?? []),
  );
  const hosts = readHosts(shared, nodes.hosts, parts);
  const scope = withDefaultsOf(ofDefaults, { ...shared, hosts: hosts.map(({ name }) => name) });
  const vms = readVms(scope, nodes, parts, defaults.values);
  const images = { key: 'images', word: 'image', example: '"base:"' } as const;
  const switches = { key: 'switches', word: 'switch', example: '"lan:"' } as const;
  const nameSpan = spans['name'] ?? root.entries[0]?.keySpan ?? root.span;
  return {
    name: values.name ?? nameOfFile(options.fileName),
    nameSpan,
    description: values.description,
    images: mergedEntries(scope, images, nodes.images, parts).map(entry => readImage(scope, entry)),
    switches: mergedEntries(scope, switches, nodes.switches, parts).map(entry => readSwitch(scope, entry)),
    vms,
    groups: readGroups(scope, nodes.groups, vms),
    wires: asItems(scope, nodes.wires, 'wires', '"- { between: [lan, dmz] }"')
      .filter(item => !isEmpty(item))
      .flatMap(item => readWire(scope, item) ?? []),
    hosts,
    locks: values.locks,
    presets: ownPresets(scope),
    scenarios: readScenarios(scope, nodes.scenarios),
    checks: readChecks(scope, nodes.checks),
    pins: readPins(scope, nodes.picture),
    defaultSources: defaults.sources,
    spans: { ...spans, name: nameSpan },
  };
}

function readHosts(scope: Scope, own: YamlNode | undefined, parts: readonly IncludedPart[]): readonly LabHost[] {
  const hosts = { key: 'hosts', word: 'host', example: '"left:"' } as const;
  return mergedEntries(scope, hosts, own, parts).map(entry => readHost(scope, entry));
}

/** What VMs have from the defaults of the lab only. */
function withDefaultsOf(defaults: readonly (YamlNode | undefined)[], scope: Scope): Scope {
  const shell = readDefaultShell(scope, defaults);
  return { ...scope, ...(shell ? { shell } : {}), ...readDefaultHost(scope, defaults) };
}

function readVms(
  scope: Scope,
  nodes: IncludedPart['nodes'],
  parts: readonly IncludedPart[],
  defaults: CompleteDefaults,
): readonly DraftVm[] {
  const [ofTemplates, ofVms] = [
    { key: 'templates', word: 'template', example: '"small:"' },
    { key: 'vms', word: 'VM', example: '"fw:"' },
  ] as const;
  const templates = readTemplates(scope, mergedEntries(scope, ofTemplates, nodes.templates, parts), defaults);
  const entries = mergedEntries(scope, ofVms, nodes.vms, parts);
  return expandVms(scope, entries, templates).map(({ entry, origin }) => readVm(scope, entry, defaults, origin));
}

function readDefaults(scope: Scope, node: YamlNode | undefined, weaker: SourcedDefaults): SourcedDefaults {
  const map = asMap(scope, node, 'defaults', '"memory: 512M"');
  if (!map) return weaker;
  const { values, spans } = readKeys(scope, map, defaultsKeys, ['shell']);
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
