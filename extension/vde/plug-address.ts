/** Where a plug goes: a switch, by the folder of its sockets, and perhaps one port of it. */
export interface PlugAddress {
  readonly socket: string;
  readonly port: number | undefined;
}

/** Reads `/run/sw`, `/run/sw[5]` and `vde:///run/sw[5]`. Undefined: it goes to no switch (`tap://t0`, `ptp:///x`). */
export function readPlugAddress(text: string): PlugAddress | undefined {
  const path = text.replace(/^vde:\/\//, '');
  if (path === '' || /^[a-z\d+]+:\/\//i.test(path)) return undefined;
  const [, socket = '', port] = /^(.*?)(?:\[(\d+)\])?$/s.exec(path) ?? [];
  return { socket, port: port === undefined || Number(port) === 0 ? undefined : Number(port) };
}

/** A relative path says nothing without the folder where it starts, so it fits every path that ends in it. */
export function isSameSocket(one: string, other: string): boolean {
  const [a, b] = [normal(one), normal(other)];
  if (a === b) return true;
  const [relative, absolute] = a.startsWith('/') ? [b, a] : [a, b];
  return !relative.startsWith('/') && relative !== '' && absolute.endsWith(`/${relative}`);
}

/** On Linux /var/run is a link to /run. */
const normal = (path: string): string =>
  path
    .replaceAll(/\/(\.?\/)+/g, '/')
    .replace(/^(\.\/)+/, '')
    .replace(/^\/var\/run\//, '/run/')
    .replace(/(.)\/$/, '$1');
