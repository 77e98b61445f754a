import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { LineEditor, eraseRest } from '../../console/line-editor.ts';
import { Utf8Decoder, encodeUtf8 } from '../../console/utf8.ts';
import type { ByteSession } from '../console/byte-session.ts';

/**
 * The management console of a switch as a terminal has it. The switch takes one command per write, knows no editing and
 * reads ahead of nothing, so lines are edited here, and each is sent after the prompt, whole.
 */
export class SwitchSession implements ByteSession {
  private readonly owned = new DisposableStore();
  private readonly shown = this.owned.add(new Emitter<Uint8Array>());
  readonly onData = this.shown.event;
  readonly onDidChangeState: ByteSession['onDidChangeState'];

  private readonly inner: ByteSession;
  private readonly editor = new LineEditor(managementWords);
  private readonly decoder = new Utf8Decoder();
  private readonly keys = new Utf8Decoder();
  /** What the switch printed since its last line end; the prompt, when it waits for a command. */
  private lastLine = '';
  private isReady = false;
  /** The beginning of a line that came while it waits for a command. */
  private news = '';
  /** Keys that came while the switch was busy. */
  private ahead = '';

  constructor(inner: ByteSession) {
    this.inner = this.owned.add(inner);
    this.owned.add(inner.onData(bytes => this.receive(this.decoder.push(bytes))));
    this.owned.add(inner.onDidChangeState(() => this.reset()));
    this.onDidChangeState = inner.onDidChangeState;
  }

  get state(): ByteSession['state'] {
    return this.inner.state;
  }

  open(): void {
    this.inner.open();
  }

  retryNow(): void {
    this.inner.retryNow();
  }

  write(bytes: Uint8Array): boolean {
    if (this.inner.state.kind !== 'connected') return false;
    const keys = this.keys.push(bytes);
    // Ctrl+C takes back what was typed or pasted ahead.
    this.ahead = keys.includes(interrupt) ? keys.slice(keys.lastIndexOf(interrupt)) : this.ahead + keys;
    this.edit();
    return true;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private edit(): void {
    if (!this.isReady || this.ahead === '') return;
    const { echo, line, rest } = this.editor.push(this.ahead);
    this.ahead = rest;
    this.show(echo);
    if (line === undefined) return;
    this.isReady = false;
    this.lastLine = '';
    this.inner.write(encodeUtf8(`${line}\n`));
  }

  private receive(text: string): void {
    if (this.isReady) {
      this.interject(text);
      return;
    }
    const end = this.promptEnd(text);
    this.show(text.slice(0, end).replaceAll('\n', '\r\n'));
    if (end === undefined) return;
    this.isReady = true;
    this.show(this.editor.redraw());
    this.edit();
    if (end < text.length) this.receive(text.slice(end));
  }

  /** Where the prompt ends, if it is there. News may follow it on the same line. */
  private promptEnd(text: string): number | undefined {
    for (let at = 0; at < text.length; at += 1) {
      this.lastLine = text[at] === '\n' ? '' : this.lastLine + (text[at] ?? '');
      if (text[at] === ' ' && isPrompt(this.lastLine)) return at + 1;
    }
    return undefined;
  }

  /** News come into the middle of what is being typed, and the switch prints no prompt after them. */
  private interject(text: string): void {
    this.news += text;
    const end = this.news.lastIndexOf('\n') + 1;
    if (end === 0) return;
    const lines = this.news.slice(0, end).replaceAll('\n', '\r\n');
    this.news = this.news.slice(end);
    this.show(`\r${eraseRest}${lines}${this.lastLine}${this.editor.redraw()}`);
  }

  private reset(): void {
    this.isReady = false;
    [this.lastLine, this.news, this.ahead] = ['', '', ''];
  }

  private show(text: string): void {
    if (text !== '') this.shown.fire(encodeUtf8(text));
  }
}

const interrupt = '\u0003';

/** `vde$ ` of vde_switch, `VDEwf$ ` of wirefilter. */
const isPrompt = (line: string): boolean => /^[A-Za-z_]{1,20}\$ $/.test(line);

/** Of vde_switch 2.3.2, as its `help` lists them. */
const managementWords: readonly string[] = [
  ...['help', 'logout', 'shutdown', 'showinfo', 'load', 'ds/showinfo'],
  ...['list', 'add', 'del'].flatMap(word => [`debug/${word}`, `plugin/${word}`]),
  ...['showinfo', 'setsize', 'setgcint', 'setexpire', 'setminper', 'print', 'find'].map(word => `hash/${word}`),
  ...['showinfo', 'setfstp', 'setedge', 'bonus', 'print'].map(word => `fstp/${word}`),
  ...['showinfo', 'setnumports', 'sethub', 'setvlan', 'createauto', 'create', 'remove', 'allocatable'].map(portWord),
  ...['setuser', 'setgroup', 'epclose', 'resetcounter', 'print', 'allprint'].map(portWord),
  ...['create', 'remove', 'addport', 'delport', 'print', 'allprint'].map(word => `vlan/${word}`),
];

function portWord(word: string): string {
  return `port/${word}`;
}
