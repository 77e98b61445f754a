import type { LabHost } from '../hosts/lab-host.ts';
import { didYouMean, isSafeName, longestName, shown } from '../names.ts';
import { asMap, isEmpty, noKeys, readKeys, readScalar, type Scope } from './read-keys.ts';
import { hostKeys } from '../schema.ts';
import * as value from '../schema-values.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';

/** Absent: this host. */
interface HostOfThing {
  readonly host?: string;
}

export function readHost(scope: Scope, entry: YamlEntry): LabHost {
  const { key: name, keySpan: nameSpan } = entry;
  if (!isSafeName(name) || name.length > longestName) {
    const message = `"${shown(name)}" cannot name a host. Take at most ${longestName} letters, digits, dots, dashes and underscores.`;
    scope.report('bad-name', nameSpan, message);
  }
  const map = asMap(scope, entry.value, name, '"ssh: me@left"') ?? noKeys(nameSpan);
  const { values, spans } = readKeys(scope, map, hostKeys);
  return {
    name,
    ssh: values.ssh ?? name,
    run: values.run,
    scripts: values.scripts ?? 'kvmlab',
    shared: values.shared ?? [],
    nameSpan,
    span: { ...nameSpan, end: Math.max(nameSpan.end, entry.value.span.end) },
    spans,
  };
}

/** The value of a `host:`, which is reported unless the lab has that host. Undefined: this host. */
export function knownHost(scope: Scope, name: string | undefined, span: TextSpan | undefined): HostOfThing {
  if (name === undefined) return {};
  const hosts = scope.hosts ?? [];
  if (hosts.includes(name)) return { host: name };
  const hint = didYouMean(scope.nearest.find(name, hosts)) || ' Add it under "hosts:".';
  if (span) scope.report('unknown-host', span, `There is no host "${shown(name)}" in this lab.${hint}`);
  return {};
}

/** A VM that says nothing has the host of the defaults. */
export const hostOfVm = (scope: Scope, own: string | undefined, span: TextSpan | undefined): HostOfThing =>
  knownHost(scope, own ?? scope.host, span);

/** The `host:` of the last defaults that have one. */
export function readDefaultHost(scope: Scope, defaults: readonly (YamlNode | undefined)[]): HostOfThing {
  const entry = defaults
    .flatMap(node => (node?.kind === 'map' ? node.entries : []))
    .findLast(({ key, value: node }) => key === 'host' && !isEmpty(node));
  return entry ? knownHost(scope, readScalar(scope, 'host', entry.value, value.text), entry.value.span) : {};
}
