import {
  dispatch,
  type CaptureIdentity,
  type FromPackets,
  type Handlers,
  type PacketListRow,
  type ToPackets,
} from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { PacketSession } from '../../runtime/capture/packet-session.ts';
import { ViewTab, type TabPanel } from '../view-tab.ts';

/** What a live capture needs of the rest. */
export interface PacketHost {
  readonly makeSession: (identity: CaptureIdentity) => Promise<PacketSession>;
  /** Nothing is captured in a workspace that is not trusted. */
  readonly isTrusted: () => boolean;
  /** Asks where to, and writes a pcap file. */
  readonly save: (identity: CaptureIdentity, pcap: Uint8Array) => Promise<void>;
  readonly report: (error: unknown) => void;
}

const rowsAtOnce = 2_000;

/** Shows one live capture in one tab. The capture goes on while the tab is hidden, and ends with the tab. */
export class PacketPanel implements Disposable {
  readonly tab: ViewTab<FromPackets, ToPackets>;
  private readonly host: PacketHost;
  private shown: { readonly session: PacketSession; readonly owned: DisposableStore } | undefined;
  /** Number of the packet. */
  private selected: number | undefined;
  identity: CaptureIdentity;

  constructor(identity: CaptureIdentity, panel: TabPanel, host: PacketHost) {
    this.identity = identity;
    this.host = host;
    this.tab = new ViewTab(panel, message => dispatch(this.handlers, message));
    this.tab.add({ dispose: () => this.shown?.owned.dispose() });
    void this.begin(identity.filter).catch(host.report);
  }

  /** Closes the tab. */
  dispose(): void {
    this.tab.dispose();
  }

  private readonly handlers: Handlers<FromPackets> = {
    ready: () => {
      this.tab.setLoaded();
      this.tell();
      this.tellAll();
    },
    select: ({ number }) => void this.tellDetail(number).catch(this.host.report),
    start: ({ filter }) => void this.begin(filter).catch(this.host.report),
    stop: () => this.shown?.session.stop(),
    save: () => void this.save().catch(this.host.report),
  };

  private async begin(filter: string): Promise<void> {
    this.shown?.owned.dispose();
    this.shown = undefined;
    this.identity = { ...this.identity, filter: filter.trim() };
    const { identity } = this;
    if (this.host.isTrusted()) {
      const session = await this.host.makeSession(identity);
      // Closed, or begun anew in the meantime.
      if (this.tab.isClosed || this.identity !== identity) session.dispose();
      else this.adopt(session);
    }
    this.tell();
    this.tellAll();
  }

  private adopt(session: PacketSession): void {
    const owned = new DisposableStore();
    owned.add(session);
    owned.add(session.onDidChange(() => this.tell()));
    owned.add(session.onRows(rows => this.tellRows(rows, false)));
    this.shown = { session, owned };
  }

  private tell(): void {
    const session = this.shown?.session;
    const words = this.host.isTrusted()
      ? 'Starting the capture …'
      : 'This workspace is not trusted, so KVM Lab captures nothing.';
    this.tab.post({
      type: 'status',
      status: {
        identity: this.identity,
        isRunning: session?.isRunning ?? false,
        words: session?.words ?? words,
        count: session?.count ?? 0,
        decoder: session?.hasTshark === true ? 'tshark' : 'KVM Lab',
      },
    });
  }

  /** In pieces, so that the first ones are on the screen at once. */
  private tellAll(): void {
    const rows = this.shown?.session.kept ?? [];
    this.tellRows(rows.slice(0, rowsAtOnce), true);
    for (let at = rowsAtOnce; at < rows.length; at += rowsAtOnce) this.tellRows(rows.slice(at, at + rowsAtOnce), false);
  }

  private tellRows(rows: readonly PacketListRow[], isFresh: boolean): void {
    this.tab.post({ type: 'rows', isFresh, most: this.shown?.session.most ?? 0, rows });
  }

  /** Only of the packet that was selected last: tshark may answer for another one later. */
  private async tellDetail(number: number): Promise<void> {
    const { shown } = this;
    this.selected = number;
    const detail = await shown?.session.detail(number);
    if (detail && shown === this.shown && number === this.selected) this.tab.post({ type: 'detail', ...detail });
  }

  private async save(): Promise<void> {
    const { session } = this.shown ?? {};
    if (session) await this.host.save(this.identity, session.file());
  }
}
