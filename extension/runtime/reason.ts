/**
 * What a script said about a failure, short enough for a row or a notification: without what it said on the way
 * (`Trying … …`), without the thing's name again, and without the option that QEMU repeats before its own words.
 */
export function reasonLines(name: string, message: string): readonly string[] {
  const said = message.split('\n').map(line => line.trim());
  const lines = said.filter(line => line !== '' && !/^(Trying|Waiting|Starting)\b.*…$/.test(line));
  const short = lines.map(line => withoutOption(withoutName(name, line))).filter(line => line !== '');
  return short.length > 0 ? short : ['no reason was given'];
}

export const shortReason = (name: string, message: string): string => reasonLines(name, message)[0] ?? '';

function withoutName(name: string, line: string): string {
  const said = ['.', ':'].map(end => `${name} did not start${end}`).find(words => line.startsWith(words));
  return said === undefined ? line.replace(`${name}: `, '') : line.slice(said.length).trim();
}

const withoutOption = (line: string): string => line.replace(/(^|says: )qemu-system-\S+: (?:-\S+ \S+: )?/, '$1');
