import type { InstallScript } from '../dialogue/install-script.ts';
import { hasErrors } from '../lab/reading/report.ts';
import { readScriptFile } from '../runtime/installs/read-script.ts';
import type { CliPorts } from './command.ts';
import { problemLines } from './problem-lines.ts';

/** An install script; `path`: where it lies, if not in the current folder. Undefined: it has errors, which were said. */
export async function openScript(
  file: string,
  ports: CliPorts,
  path = ports.folder.resolve(file),
): Promise<InstallScript | undefined> {
  const reading = await readScriptFile(path, ports.files, ports.labCheck.included);
  for (const line of problemLines(file, reading.text, reading)) ports.err(`${line}\n`);
  return hasErrors(reading.problems) ? undefined : reading.script;
}
