import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import type { InstallScript, VmOrder } from '../../extension/dialogue/install-script.ts';
import { ScriptPlayer, type PlayState } from '../../extension/dialogue/player/script-player.ts';
import type { Answer, Stage } from '../../extension/dialogue/player/stage.ts';
import { readInstallScript } from '../../extension/dialogue/reading/read-install-script.ts';
import { FakeClock } from './fake-clock.ts';

/** Keeps what a player does; orders are done at once, unless `refusal` says why not or `isSlow`. */
class FakeStage implements Stage {
  readonly clock = new FakeClock();
  /** All that was typed, and orders in braces: `{eject}`, `{reset}`. */
  typed = '';
  refusal: string | undefined;
  isSlow = false;
  onType: (text: string) => void = () => undefined;

  after(ms: number, call: () => void): Disposable {
    return this.clock.after(ms, call);
  }

  type(bytes: Uint8Array, _pauseMs: number | undefined, done: Answer): Disposable {
    const text = new TextDecoder().decode(bytes);
    const answered = this.obey(text, done);
    this.onType(text);
    return answered;
  }

  sendBreak(done: Answer): Disposable {
    return this.obey('{break}', done);
  }

  changeCd(cd: { readonly file: string } | undefined, done: Answer): Disposable {
    return this.obey(`{${cd ? cd.file : 'eject'}}`, done);
  }

  orderVm(order: VmOrder, done: Answer): Disposable {
    return this.obey(`{${order}}`, done);
  }

  private obey(what: string, done: Answer): Disposable {
    this.typed += what;
    if (!this.isSlow) done(this.refusal);
    return disposable(() => undefined);
  }
}

/** A script at a console that the test plays. */
export class PlayedScript {
  readonly stage = new FakeStage();
  readonly player: ScriptPlayer;
  readonly script: InstallScript;
  readonly states: PlayState[] = [];

  constructor(text: string, values: Readonly<Record<string, string>> = {}) {
    const { script, problems } = readInstallScript(text);
    if (!script || problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
    this.script = script;
    this.player = new ScriptPlayer(script, new Map(Object.entries(values)), this.stage);
    this.player.onDidChange(state => this.states.push(state));
  }

  print(text: string): void {
    this.player.hear(new TextEncoder().encode(text));
  }

  get typed(): string {
    return this.stage.typed;
  }

  get kind(): PlayState['kind'] {
    return this.player.state.kind;
  }
}
