import { isOn, readOptionList } from './option-list.ts';

/** Where a character device listens. One that dials out, writes a file or has no socket is neither. */
export type Listener =
  { readonly kind: 'tcp'; readonly port: number } | { readonly kind: 'unix'; readonly path: string } | undefined;

export type CharDevices = ReadonlyMap<string, Listener>;

/** `-chardev socket,id=…` of a whole command line, by ID. */
export function readCharDevices(words: readonly string[]): CharDevices {
  return new Map(
    words.map(word => {
      const options = readOptionList(word, 'backend');
      return [options.get('id') ?? '', options.get('backend') === 'socket' ? listenerOf(options) : undefined];
    }),
  );
}

/** The TCP port of `-serial`, `-monitor` or `-qmp`'s argument, if one can connect to it. */
export function tcpPortOf(word: string, chars: CharDevices): number | undefined {
  const listener = listenerOfWord(word, chars);
  return listener?.kind === 'tcp' ? listener.port : undefined;
}

/** The path of its unix socket, if one can connect to it. */
export function unixPathOf(word: string, chars: CharDevices): string | undefined {
  const listener = listenerOfWord(word, chars);
  return listener?.kind === 'unix' ? listener.path : undefined;
}

/** `mon:` shares a console with the monitor and may stand before any of the others. */
function listenerOfWord(text: string, chars: CharDevices): Listener {
  const word = text.startsWith('mon:') ? text.slice('mon:'.length) : text;
  const colon = word.indexOf(':');
  const kind = word.slice(0, Math.max(colon, 0));
  const rest = word.slice(colon + 1);
  if (kind === 'chardev') return chars.get(rest);
  if (kind === 'unix') return listenerOf(readOptionList(rest, 'path'));
  if (kind !== 'tcp' && kind !== 'telnet' && kind !== 'websocket') return undefined;
  const options = readOptionList(rest, 'address');
  const port = (options.get('address') ?? '').split(':').at(-1) ?? '';
  return listenerOf(new Map([...options, ['port', port]]));
}

function listenerOf(options: ReadonlyMap<string, string>): Listener {
  if (!isOn(options.get('server'))) return undefined;
  const path = options.get('path');
  if (path) return { kind: 'unix', path };
  const port = options.get('port') ?? '';
  return /^\d{1,5}$/.test(port) ? { kind: 'tcp', port: Number(port) } : undefined;
}
