import {
  dispatch,
  type ChangeWay,
  type FromVlans,
  type Handlers,
  type PortWish,
  type ToVlans,
} from '../../../webview/protocol.ts';
import type { Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import type { RunningSwitch } from '../../runtime/state.ts';
import type { VlanActions } from '../../runtime/switches/vlan-actions.ts';
import type { MatrixTarget, VlanMatrix } from '../../runtime/switches/vlan-matrix.ts';
import { ViewTab, type TabPanel } from '../view-tab.ts';

/** What changes VLANs on demand. */
export type VlanOrders = Pick<VlanActions, 'apply' | 'write' | 'applyFile' | 'adopt'>;

/** What a matrix needs of the rest. */
export interface VlanHost {
  readonly draw: (target: MatrixTarget) => VlanMatrix;
  /** The process of the switch, if it runs. */
  readonly find: (target: MatrixTarget) => RunningSwitch | undefined;
  readonly actions: VlanOrders;
  /** Nothing is told or written in a workspace that is not trusted. */
  readonly isTrusted: () => boolean;
  /** Hears of failures that are no fault of the user's. */
  readonly report: (error: unknown) => void;
}

/** Shows one matrix in one tab, and does what is asked there. Knows nothing of switches or files. */
export class VlanPanel implements Disposable {
  readonly target: MatrixTarget;
  readonly tab: ViewTab<FromVlans, ToVlans>;
  private readonly host: VlanHost;
  /** What the view was told last; undefined: it is not there (yet). */
  private told: string | undefined;

  constructor(target: MatrixTarget, panel: TabPanel, host: VlanHost) {
    this.target = target;
    this.host = host;
    this.tab = new ViewTab(panel, message => dispatch(this.handlers, message));
  }

  /** To be called when the switch or the lab file may have changed, and when the view is there. */
  update(): void {
    if (!this.tab.isLoaded) return;
    const matrix = this.host.draw(this.target);
    const text = JSON.stringify(matrix);
    if (text === this.told) return;
    this.told = text;
    this.tab.post({ type: 'matrix', matrix });
  }

  /** Closes the tab. */
  dispose(): void {
    this.tab.dispose();
  }

  private readonly handlers: Handlers<FromVlans> = {
    ready: () => {
      this.told = undefined;
      this.tab.setLoaded();
    },
    change: ({ way, wishes }) => void this.answer(() => this.change(way, wishes)),
    applyFile: () => void this.answer(() => this.host.actions.applyFile(this.target)),
    adopt: () => void this.answer(() => this.host.actions.adopt(this.target)),
  };

  /** First the switch, which may refuse; what it refuses is not written. */
  private async change(way: ChangeWay, wishes: readonly PortWish[]): Promise<string> {
    const { actions } = this.host;
    const applied = way === 'file' ? [] : [await actions.apply(this.target, wishes)];
    const written = way === 'live' ? [] : [await actions.write(this.target, wishes)];
    if (way === 'file') this.tab.post({ type: 'written' });
    return [...applied, ...written].join(' ');
  }

  private async answer(work: () => Promise<string>): Promise<void> {
    try {
      if (!this.host.isTrusted()) throw new UserError('This workspace is not trusted, so nothing was changed.');
      this.tab.post({ type: 'done', words: await work() });
    } catch (error) {
      this.tab.post({ type: 'refused', reason: error instanceof Error ? error.message : String(error) });
      if (!(error instanceof UserError)) this.host.report(error);
    }
  }
}
