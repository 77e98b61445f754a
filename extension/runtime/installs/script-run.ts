import { onCancel, type CancelSignal } from '../../base/cancel.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { InstallScript, Step } from '../../dialogue/install-script.ts';
import { ScriptPlayer, type PlayState, type Stuck } from '../../dialogue/player/script-player.ts';
import { stepWords } from '../../dialogue/player/step-words.ts';
import { allSteps } from '../../dialogue/step-list.ts';
import { ConsoleStage, type StageParts } from './console-stage.ts';
import { stuckLines } from './run-words.ts';
import { Transcript } from './transcript.ts';

export interface RunParts extends StageParts {
  readonly script: InstallScript;
  /** Of all its variables. */
  readonly values: ReadonlyMap<string, string>;
  /** What stands on the cursor's line was printed for this run: the VM runs already. */
  readonly hasPrompt: boolean;
  /** How long the console may take to be connected. */
  readonly connectMs: number;
}

export type RunState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'unconnected'; readonly reason: string }
  | Exclude<PlayState, { readonly kind: 'ready' }>
  | { readonly kind: 'cancelled' };

export type RunEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unconnected'; readonly reason: string }
  | { readonly kind: 'stuck'; readonly stuck: Stuck };

/** How much of what was printed before is looked at for the line on which the cursor stands. */
const historyBytes = 4096;

/**
 * One install script at one console: connects, plays, keeps the transcript. Who shows it may pause it, let it go on at any
 * step, and read how far it is; it is over when its owner disposes it.
 */
export class ScriptRun implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<RunState>());
  readonly onDidChange = this.changed.event;
  private readonly shown = this.owned.add(new Emitter<string>());
  /** What the console prints, as text for people; secrets are covered. */
  readonly onDidPrint = this.shown.event;
  readonly transcript: Transcript;
  /** All steps, in the order of their numbers. */
  readonly steps: readonly Step[];

  private readonly parts: RunParts;
  private readonly player: ScriptPlayer;
  private current: RunState = { kind: 'connecting' };
  private noted: Step | undefined;

  constructor(parts: RunParts) {
    this.parts = parts;
    const { script, values } = parts;
    this.steps = allSteps(script.steps);
    const secrets = script.vars.flatMap(({ name, isSecret }) => (isSecret ? [values.get(name) ?? ''] : []));
    this.transcript = new Transcript(secrets);
    this.player = this.owned.add(new ScriptPlayer(script, values, this.owned.add(new ConsoleStage(parts))));
    this.owned.add(this.player.onDidChange(state => this.follow(state)));
  }

  get state(): RunState {
    return this.current;
  }

  /** Connects and plays, from a step on if one is given, until it has finished, is stuck or is called off. */
  async play(signal: CancelSignal, from?: Step): Promise<RunEnd> {
    const { session, connectMs } = this.parts;
    const prompt = this.parts.hasPrompt ? await session.history?.(historyBytes) : undefined;
    if (prompt) this.player.hear(lastLine(prompt.bytes));
    this.owned.add(session.onData(bytes => this.hear(bytes)));
    const ended = this.ended(signal);
    const begin = (): void => {
      if (session.state.kind === 'connected' && this.current.kind === 'connecting') this.player.play(from);
    };
    this.owned.add(session.onDidChangeState(begin));
    this.owned.add(this.parts.clock.after(connectMs, () => this.giveUp()));
    session.open();
    begin();
    return ended;
  }

  /** Leaves the console to a person, until `resume`. */
  pause(): void {
    this.player.pause();
  }

  /** Goes on, after a pause or when it is stuck; gives how it ends this time. */
  resume(signal: CancelSignal, from?: Step): Promise<RunEnd> {
    const ended = this.ended(signal);
    this.player.play(from ?? this.noted);
    return ended;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private hear(bytes: Uint8Array): void {
    const text = this.transcript.printed(bytes);
    if (text !== '') this.shown.fire(text);
    this.player.hear(bytes);
  }

  private follow(state: PlayState): void {
    if (state.kind === 'ready') return;
    if (state.kind === 'playing' && state.step && state.step !== this.noted) {
      this.noted = state.step;
      this.transcript.note(`step ${state.step.number} of ${this.steps.length}: ${stepWords(state.step)}`);
    }
    if (state.kind === 'stuck') for (const line of stuckLines(state.stuck)) this.transcript.note(line);
    if (state.kind === 'paused') this.transcript.note('paused: a person has the console');
    if (state.kind === 'finished') this.transcript.note('finished');
    this.tell(state);
  }

  private giveUp(): void {
    if (this.current.kind !== 'connecting') return;
    const { state } = this.parts.session;
    const reason = state.kind === 'waiting' && state.reason === 'held' ? 'another program holds it' : 'nobody answers';
    this.tell({ kind: 'unconnected', reason });
  }

  /** Resolves with the next end; what was paused goes on before it. */
  private ended(signal: CancelSignal): Promise<RunEnd> {
    return new Promise(resolve => {
      const owned = this.owned.add(new DisposableStore());
      const end = (result: RunEnd): void => {
        owned.dispose();
        resolve(result);
      };
      owned.add(
        this.onDidChange(state => {
          if (state.kind === 'finished' || state.kind === 'stuck' || state.kind === 'unconnected') end(state);
        }),
      );
      owned.add(
        onCancel(signal, () => {
          this.player.dispose();
          this.tell({ kind: 'cancelled' });
          end({ kind: 'cancelled' });
        }),
      );
    });
  }

  private tell(state: RunState): void {
    this.current = state;
    this.changed.fire(state);
  }
}

function lastLine(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(bytes.lastIndexOf(0x0a) + 1);
}
