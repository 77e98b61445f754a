import type { Bytes, PacketDraft } from './packet.ts';

const recordTypes: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  41: 'OPT',
  65: 'HTTPS',
  255: 'ANY',
};
const failures = ['', 'format error', 'server failure', 'no such name', 'not implemented', 'refused'];
/** Names are pointers into the message, and a hostile one may point in circles. */
const mostLabels = 128;
const mostShown = 20;

/** DNS and mDNS (RFC 1035). */
export function decodeDns(draft: PacketDraft, bytes: Bytes): void {
  draft.protocol = 'DNS';
  const add = draft.layer('DNS', bytes);
  const flags = bytes.u16(2);
  const isAnswer = (flags & 0x8000) !== 0;
  const [questions, answers] = [bytes.u16(4), bytes.u16(6)];
  draft.info = isAnswer ? 'Answer' : 'Question';
  add('Identification', `0x${bytes.hex(0, 2)}`, 0, 2);
  add('Kind', isAnswer ? 'answer' : 'question', 2, 1);
  if (isAnswer) add('Result', (flags & 0xf) === 0 ? 'ok' : (failures[flags & 0xf] ?? flags & 0xf), 3, 1);
  let at = 12;
  const asked: string[] = [];
  for (let i = 0; i < Math.min(questions, mostShown); i += 1) {
    const { name, end } = readName(bytes, at);
    const text = `${typeName(bytes.u16(end))} ${name}`;
    add('Question', text, at, end + 4 - at);
    asked.push(text);
    at = end + 4;
  }
  const found: string[] = [];
  for (let i = 0; i < Math.min(answers, mostShown); i += 1) {
    const { name, end } = readName(bytes, at);
    const type = bytes.u16(end);
    const length = bytes.u16(end + 8);
    const value = readValue(bytes, type, end + 10, length);
    add('Answer', `${name} ${typeName(type)} ${value}`, at, end + 10 + length - at);
    found.push(value);
    at = end + 10 + length;
  }
  const result = found.length > 0 ? found.join(', ') : (failures[flags & 0xf] ?? '') || 'nothing';
  draft.info = isAnswer ? `Answer ${asked.join(', ')}: ${result}` : `Question ${asked.join(', ')}`;
}

const typeName = (type: number): string => recordTypes[type] ?? `type ${type}`;

function readValue(bytes: Bytes, type: number, at: number, length: number): string {
  if (type === 1 && length === 4) return bytes.ipv4(at);
  if (type === 28 && length === 16) return bytes.ipv6(at);
  if ([2, 5, 12].includes(type)) return readName(bytes, at).name;
  return type === 16 ? bytes.text(at, length) : `${length} bytes`;
}

/** A name and where what follows it begins. */
function readName(bytes: Bytes, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  let end: number | undefined;
  for (let i = 0; i < mostLabels; i += 1) {
    const length = bytes.u8(at);
    if (length === 0) return { name: labels.join('.') || '.', end: end ?? at + 1 };
    if (length >= 0xc0) {
      end ??= at + 2;
      at = bytes.u16(at) & 0x3fff;
      continue;
    }
    labels.push(bytes.text(at + 1, length));
    at += 1 + length;
  }
  return { name: `${labels.slice(0, 4).join('.')}…`, end: end ?? bytes.length };
}
