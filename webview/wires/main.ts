import { connectToHost, type Host } from '../host.ts';
import {
  dispatch,
  wireDirections,
  wireFaultKeys,
  type FromWires,
  type Handlers,
  type ToWires,
  type WireDirection,
  type WireFaultKey,
  type WireIdentity,
  type WirePicture,
  type WireWays,
} from '../protocol.ts';
import { element, setText } from '../shared/elements.ts';
import { copied, isEdited, isLinked, noEdits, setAll, setValue, settled, withEdits, type WireEdits } from './edits.ts';
import { FaultRow } from './row.ts';
import { scales } from './scale.ts';
import { Toolbar } from './toolbar.ts';
import { driftWords, hintWords, wayName } from './words.ts';

/** What the view keeps for itself over reloads. */
interface ViewState {
  readonly identity?: WireIdentity | undefined;
  readonly edits: WireEdits;
  /** Undefined: as the wire is. */
  readonly isLinked?: boolean | undefined;
}

type WiresHost = Host<ToWires, FromWires, ViewState>;

/** What is wrong with one wire: a slider for each fault and direction, and what can be made of that. */
class WiresView {
  private readonly host: WiresHost;
  private readonly toolbar: Toolbar;
  private readonly rows = new Map<WireFaultKey, FaultRow>();
  private readonly heads: Readonly<Record<WireDirection, HTMLTableCellElement>>;
  private readonly place = document.createElement('main');
  private readonly title = document.createElement('h1');
  private readonly news = element('p', 'news');
  private readonly drift = element('p', 'drift');
  private readonly status = element('p', 'status');
  private wire: WirePicture | undefined;
  /** While the extension is at work; what is changed meanwhile is told when it is done. */
  private isBusy = false;
  private remark = '';

  constructor(host: WiresHost) {
    this.host = host;
    this.toolbar = new Toolbar({
      link: isOn => this.link(isOn),
      preset: name => this.ask({ type: 'preset', name }),
      reset: () => this.reset(),
      write: () => this.write(),
      measure: () => this.ask({ type: 'measure' }, 'Measuring …'),
    });
    this.heads = { there: head(), back: head() };
    for (const one of [this.status, this.news]) one.role = 'status';
    const more = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = 'More faults';
    more.append(summary, this.table('More faults', false));
    this.place.append(this.title, this.table('Faults', true), more);
    document.body.append(this.toolbar.element, this.news, this.drift, this.place, this.status);
    this.draw();
  }

  readonly handlers: Handlers<ToWires> = {
    wire: ({ wire }) => {
      this.wire = wire;
      this.host.setState({ identity: wire.target, edits: settled(baseOf(wire), this.host.state.edits) });
      this.draw();
    },
    done: ({ words, isWritten }) => {
      if (isWritten && this.wire?.canApply !== true) this.host.setState({ edits: noEdits });
      this.finish(words);
    },
    refused: ({ reason }) => {
      this.host.setState({ edits: this.wire?.canApply === true ? noEdits : this.host.state.edits });
      this.finish(reason);
    },
  };

  private table(label: string, isCommon: boolean): HTMLTableElement {
    const table = document.createElement('table');
    table.ariaLabel = label;
    if (isCommon)
      table.createTHead().insertRow().append(document.createElement('td'), this.heads.there, this.heads.back);
    const body = table.createTBody();
    for (const key of wireFaultKeys.filter(one => scales[one].isCommon === isCommon)) {
      const row = new FaultRow(key, (...change) => this.set(...change));
      this.rows.set(key, row);
      body.append(row.element);
    }
    return table;
  }

  private get isLinked(): boolean {
    const { wire } = this;
    return this.host.state.isLinked ?? (wire ? isLinked(withEdits(baseOf(wire), this.host.state.edits)) : true);
  }

  private set(key: WireFaultKey, direction: WireDirection, value: number): void {
    const { wire } = this;
    if (!wire) return;
    const directions = this.isLinked ? wireDirections : [direction];
    this.change(setValue(baseOf(wire), this.host.state.edits, key, value, directions), this.isLinked);
  }

  /** The first direction counts for both from now on. */
  private link(isOn: boolean): void {
    const { wire } = this;
    if (wire) this.change(isOn ? copied(baseOf(wire), this.host.state.edits, 'there') : this.host.state.edits, isOn);
  }

  private reset(): void {
    const { wire } = this;
    if (!wire) return;
    if (wire.canApply) this.ask({ type: 'reset' });
    else this.change(setAll(baseOf(wire), { there: {}, back: {} }), undefined);
  }

  private write(): void {
    const { wire } = this;
    if (wire) this.ask({ type: 'write', ways: wire.states === '' ? this.shown(wire) : undefined });
  }

  /** What runs is told at once. */
  private change(edits: WireEdits, linked: boolean | undefined): void {
    this.host.setState({ edits, isLinked: linked });
    this.remark = '';
    this.tell();
    this.draw();
  }

  private tell(): void {
    const { wire } = this;
    if (wire?.canApply !== true || this.isBusy || !isEdited(this.host.state.edits)) return;
    this.isBusy = true;
    this.host.post({ type: 'change', ways: this.shown(wire) });
  }

  private ask(message: FromWires, remark = 'Working …'): void {
    if (this.isBusy) return;
    this.isBusy = true;
    this.remark = remark;
    this.host.post(message);
    this.draw();
  }

  private finish(remark: string): void {
    this.isBusy = false;
    this.remark = remark;
    this.tell();
    this.draw();
  }

  private shown(wire: WirePicture): WireWays {
    return withEdits(baseOf(wire), this.host.state.edits);
  }

  private draw(): void {
    const { wire, isBusy } = this;
    this.place.hidden = !wire;
    this.toolbar.show({ wire, isBusy, isLinked: this.isLinked, isEdited: isEdited(this.host.state.edits) });
    if (wire) this.drawWire(wire);
    const news = wire ? [wire.news, wire.states].filter(words => words !== '').join(' ') : 'Reading …';
    setText(this.news, news);
    this.news.hidden = news === '';
    setText(this.status, this.remark || (wire ? hintWords(wire, this.host.state.edits) : ''));
  }

  private drawWire(wire: WirePicture): void {
    const [shown, linked] = [this.shown(wire), this.isLinked];
    setText(this.title, wire.title);
    setText(this.heads.there, wayName(wire, linked ? 'both' : 'there'));
    setText(this.heads.back, wayName(wire, 'back'));
    this.heads.back.hidden = linked;
    const isDisabled = wire.states !== '' || !(wire.canApply || wire.canWrite);
    for (const row of this.rows.values()) row.show({ wire, shown, isLinked: linked, isDisabled });
    const drift = driftWords(wire);
    setText(this.drift, drift);
    this.drift.hidden = drift === '';
  }
}

/** What edits start from: what the wire has; of one that does not run, what the file says. */
const baseOf = ({ live, file }: WirePicture): WireWays => live ?? file ?? { there: {}, back: {} };

function head(): HTMLTableCellElement {
  const cell = document.createElement('th');
  cell.scope = 'col';
  return cell;
}

const host: WiresHost = connectToHost<ToWires, FromWires, ViewState>({ edits: noEdits });
const view = new WiresView(host);
host.onMessage(message => dispatch(view.handlers, message));
host.post({ type: 'ready' });
