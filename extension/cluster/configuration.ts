import { isOfLab, type LabResources } from './lab-resources.ts';
import { below, element, replaceBelow, writeXml, type XmlElement } from './xml.ts';

/** What a cluster has against a VM that runs twice. */
export interface Fencing {
  /** Undefined: nobody said so, which means yes. */
  readonly isEnabled: boolean | undefined;
  /** IDs of the devices. */
  readonly devices: readonly string[];
}

/** `cib`: as `cibadmin --query` prints it. */
export function fencingOf(cib: XmlElement): Fencing {
  const value = below(cib, 'configuration', 'crm_config', 'cluster_property_set', 'nvpair')
    .filter(({ attributes }) => ['stonith-enabled', 'stonith_enabled'].includes(attributes['name'] ?? ''))
    .map(({ attributes }) => attributes['value']?.toLowerCase());
  const [said] = value;
  return {
    isEnabled: said === undefined ? undefined : ['true', 'yes', 'on', 'y', '1'].includes(said),
    devices: allPrimitives(below(cib, 'configuration', 'resources'))
      .filter(isFenceDevice)
      .map(({ attributes }) => attributes['id'] ?? ''),
  };
}

/** Also those in groups and clones. */
const allPrimitives = (elements: readonly XmlElement[]): readonly XmlElement[] =>
  elements.flatMap(one => (one.name === 'primitive' ? [one] : allPrimitives(one.children)));

const isFenceDevice = ({ name, attributes }: XmlElement): boolean =>
  name === 'primitive' && attributes['class'] === 'stonith';

/** Fencing devices of a file with nothing else in it. Undefined: there is something else, or nothing. */
export function readDevices(root: XmlElement): readonly XmlElement[] | undefined {
  const devices = root.name === 'primitive' ? [root] : root.children;
  return devices.length > 0 && devices.every(isFenceDevice) ? devices : undefined;
}

/**
 * The part of a configuration that a lab brings in, as a file that `cibadmin --modify --allow-create` takes, and with this root
 * `crm configure load xml update` too. Of a cluster that has fencing on already the demand would be said twice.
 */
export function labConfiguration(
  { resources, constraints }: LabResources,
  devices: readonly XmlElement[],
  { isEnabled }: Fencing,
): XmlElement {
  const configuration = element('configuration', {}, [
    ...(isEnabled === true ? [] : [element('crm_config', {}, [fencingDemanded])]),
    element('resources', {}, [...devices, ...resources]),
    element('constraints', {}, constraints),
  ]);
  return element('cib', {}, [configuration]);
}

const fencingDemanded = element('cluster_property_set', { id: 'cib-bootstrap-options' }, [
  element('nvpair', { id: 'cib-bootstrap-options-stonith-enabled', name: 'stonith-enabled', value: 'true' }),
]);

/** The same configuration with what the lab brings in put in place of what it brought in before. */
export function withLab(
  cib: XmlElement,
  lab: string,
  wanted: LabResources,
  devices: readonly XmlElement[] = [],
): XmlElement {
  const put = (from: XmlElement, place: string, added: readonly XmlElement[]): XmlElement =>
    replaceBelow(from, ['configuration', place], children => [
      ...children.filter(child => !isOfLab(lab, child) && !added.some(one => sameId(one, child))),
      ...added,
    ]);
  return put(put(cib, 'resources', [...devices, ...wanted.resources]), 'constraints', wanted.constraints);
}

const sameId = (a: XmlElement, b: XmlElement): boolean => a.attributes['id'] === b.attributes['id'];

/** A cluster of these nodes that has just begun, for what has none to ask. */
export function emptyCluster(nodes: readonly string[]): XmlElement {
  const versions = { 'validate-with': 'pacemaker-3.0', admin_epoch: '0', epoch: '0', num_updates: '0' };
  return element('cib', { ...versions, 'have-quorum': '1' }, [
    element('configuration', {}, [
      element('crm_config', {}, [fencingDemanded]),
      element(
        'nodes',
        {},
        nodes.map((uname, at) => element('node', { id: String(at + 1), uname })),
      ),
      element('resources', {}),
      element('constraints', {}),
    ]),
    element('status', {}),
  ]);
}

export interface ConfigurationChange {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly id: string;
  /** Lines of XML; empty for what is not there. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What differs in the parts that a lab brings in. */
export function labChanges(before: XmlElement, after: XmlElement, lab: string): readonly ConfigurationChange[] {
  const [old, now] = [partsOf(before, lab), partsOf(after, lab)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap(id => {
    const [was = '', is = ''] = [old.get(id), now.get(id)];
    if (was === is) return [];
    const kind = was === '' ? 'added' : is === '' ? 'removed' : 'changed';
    return [{ kind, id, before: linesOf(was), after: linesOf(is) } as const];
  });
}

const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1);

/** By ID. Pacemaker keeps attributes in an order of its own. */
const partsOf = (cib: XmlElement, lab: string): ReadonlyMap<string, string> =>
  new Map(
    ['resources', 'constraints']
      .flatMap(place => below(cib, 'configuration', place).flatMap(({ children }) => children))
      .filter(child => isOfLab(lab, child) || isFenceDevice(child))
      .map(child => [child.attributes['id'] ?? '', writeXml(sorted(child))]),
  );

const sorted = ({ name, attributes, children }: XmlElement): XmlElement => ({
  name,
  attributes: Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))),
  children: children.map(sorted),
});

/** What a lab brings in, and the fencing devices, as XML to read and compare: in the order of IDs. */
export const labText = (cib: XmlElement, lab: string): string =>
  [...partsOf(cib, lab)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join('');
