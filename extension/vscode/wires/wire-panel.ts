import {
  dispatch,
  type FromWires,
  type Handlers,
  type ToWires,
  type WirePicture,
  type WireWays,
} from '../../../webview/protocol.ts';
import type { Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import type { WireTarget } from '../../runtime/wires/wire-picture.ts';
import { ViewTab, type TabPanel } from '../view-tab.ts';

/** What can be done to a wire; each gives what was done, in words, and rejects with a UserError. */
export interface WireActions {
  change(target: WireTarget, ways: WireWays): Promise<string>;
  usePreset(target: WireTarget, name: string): Promise<string>;
  reset(target: WireTarget): Promise<string>;
  /** `ways` undefined: what it has now. */
  write(target: WireTarget, ways: WireWays | undefined): Promise<string>;
  measure(target: WireTarget): Promise<string>;
}

/** What a panel needs of the rest. */
export interface WireHost {
  /** Asks the wire. Never rejects: that it does not answer is part of the picture. */
  readonly draw: (target: WireTarget) => Promise<WirePicture>;
  readonly actions: WireActions;
  /** Nothing is told or written in a workspace that is not trusted. */
  readonly isTrusted: () => boolean;
  /** Hears of failures that are no fault of the user's. */
  readonly report: (error: unknown) => void;
}

/** Shows one wire in one tab, and does what is asked there. Knows nothing of wirefilter or files. */
export class WirePanel implements Disposable {
  readonly target: WireTarget;
  readonly tab: ViewTab<FromWires, ToWires>;
  private readonly host: WireHost;
  /** What the view was told last; undefined: it is not there (yet). */
  private told: string | undefined;
  private drawing: Promise<void> | undefined;

  constructor(target: WireTarget, panel: TabPanel, host: WireHost) {
    this.target = target;
    this.host = host;
    this.tab = new ViewTab(panel, message => dispatch(this.handlers, message));
  }

  /** Looks at the wire and tells the view if it is another than before. One look at a time. Never rejects. */
  async update(): Promise<void> {
    this.drawing ??= this.draw().finally(() => (this.drawing = undefined));
    await this.drawing;
  }

  /** Closes the tab. */
  dispose(): void {
    this.tab.dispose();
  }

  private async draw(): Promise<void> {
    if (!this.tab.isLoaded) return;
    const wire = await this.host.draw(this.target);
    const text = JSON.stringify(wire);
    if (text === this.told) return;
    this.told = text;
    this.tab.post({ type: 'wire', wire });
  }

  private readonly handlers: Handlers<FromWires> = {
    ready: () => {
      this.told = undefined;
      this.tab.setLoaded();
    },
    change: ({ ways }) => void this.answer(actions => actions.change(this.target, ways)),
    preset: ({ name }) => void this.answer(actions => actions.usePreset(this.target, name)),
    reset: () => void this.answer(actions => actions.reset(this.target)),
    write: ({ ways }) => void this.answer(actions => actions.write(this.target, ways), true),
    measure: () => void this.answer(actions => actions.measure(this.target)),
  };

  /** The view hears what the wire is now before it hears that the work is done: it may then begin the next. */
  private async answer(work: (actions: WireActions) => Promise<string>, isWritten = false): Promise<void> {
    try {
      if (!this.host.isTrusted()) throw new UserError('This workspace is not trusted, so nothing was changed.');
      const words = await work(this.host.actions);
      await this.lookAgain();
      this.tab.post({ type: 'done', words, isWritten });
    } catch (error) {
      await this.lookAgain();
      this.tab.post({ type: 'refused', reason: error instanceof Error ? error.message : String(error) });
      if (!(error instanceof UserError)) this.host.report(error);
    }
  }

  /** A look that began before the work was done has seen the wire as it was. */
  private async lookAgain(): Promise<void> {
    await this.drawing;
    await this.update();
  }
}
