import { DisposableStore } from '../base/disposable.ts';
import { onCancel } from '../base/cancel.ts';
import { Utf8Decoder } from '../console/utf8.ts';
import type { CliPorts } from './command.ts';

const [controlC, controlD] = ['\u0003', '\u0004'];

/** Asks for one line that is not shown. Undefined: nobody is there to be asked, or they called it off. */
export async function hiddenLine(question: string, ports: CliPorts): Promise<string | undefined> {
  const { terminal } = ports.consoles;
  if (!terminal.isInteractive) return undefined;
  const owned = new DisposableStore();
  owned.add(terminal.raw());
  ports.err(question);
  try {
    return await new Promise(resolve => {
      const decoder = new Utf8Decoder();
      let line = '';
      const take = (character: string): void => {
        if (character === '\r' || character === '\n') resolve(line);
        else if (character === controlC || character === controlD) resolve(undefined);
        else if (character === '\u007f' || character === '\b') line = Array.from(line).slice(0, -1).join('');
        else line += character;
      };
      owned.add(onCancel(ports.signal, () => resolve(undefined)));
      owned.add(terminal.onEnd(() => resolve(undefined)));
      owned.add(terminal.onInput(bytes => Array.from(decoder.push(bytes)).forEach(take)));
    });
  } finally {
    owned.dispose();
    ports.err('\r\n');
  }
}
