/** A 64-bit little-endian ELF file with the sections given and no code: enough for who reads sections. */
export function elfFile(sections: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const contents: [name: string, bytes: Uint8Array][] = [['', new Uint8Array(0)], ...Object.entries(sections)];
  const names = new TextEncoder().encode([...contents.map(([name]) => name), '.shstrtab', ''].join('\0'));
  contents.push(['.shstrtab', names]);
  const headerSize = 64;
  const tableAt = headerSize + contents.reduce((size, [, bytes]) => size + bytes.length, 0);
  const file = new Uint8Array(tableAt + contents.length * 64);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setBigUint64(0x28, BigInt(tableAt), true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, contents.length, true);
  view.setUint16(0x3e, contents.length - 1, true);
  let at = headerSize;
  let nameAt = 0;
  for (const [index, [name, bytes]] of contents.entries()) {
    const entry = tableAt + index * 64;
    file.set(bytes, at);
    view.setUint32(entry, nameAt, true);
    view.setBigUint64(entry + 0x18, BigInt(at), true);
    view.setBigUint64(entry + 0x20, BigInt(bytes.length), true);
    at += bytes.length;
    nameAt += name.length + 1;
  }
  return file;
}
