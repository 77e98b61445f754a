/**
 * What a person would read of a telnet stream: without negotiation, carriage returns and escape sequences, however it is cut.
 * Among those sequences is `ESC [ 6 n`, by which busybox asks for the cursor after each prompt; nobody needs to answer.
 */
export class TelnetText {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private state: TelnetState = 'text';

  push(bytes: Uint8Array): string {
    const text =
      this.rest +
      this.decoder.decode(
        bytes.filter(byte => this.isText(byte)),
        { stream: true },
      );
    // A sequence that is not whole yet waits for its end.
    const cut = openSequence.exec(text)?.index ?? text.length;
    this.rest = text.slice(cut);
    return text.slice(0, cut).replace(unseen, '');
  }

  private isText(byte: number): boolean {
    const was = this.state;
    if (was === 'text' && byte !== iac) return true;
    this.state = next(was, byte);
    return false;
  }
}

type TelnetState = 'text' | 'command' | 'option' | 'sub' | 'sub-command';

const escape = '\x1b';
const openSequence = new RegExp(`${escape}(?:\\[[\\d;?]*)?$`);
const unseen = new RegExp(`${escape}(?:\\[[\\d;?]*[@-~]|[^[])|\r`, 'g');

const iac = 255;
const subBegin = 250;
const subEnd = 240;

function next(was: TelnetState, byte: number): TelnetState {
  switch (was) {
    case 'text':
      return 'command';
    case 'command':
      // WILL, WON'T, DO and DON'T name an option.
      return byte === subBegin ? 'sub' : byte > subBegin && byte !== iac ? 'option' : 'text';
    case 'option':
      return 'text';
    case 'sub':
      return byte === iac ? 'sub-command' : 'sub';
    case 'sub-command':
      return byte === subEnd ? 'text' : 'sub';
  }
}
