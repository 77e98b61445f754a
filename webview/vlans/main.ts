import { connectToHost, type Host } from '../host.ts';
import {
  dispatch,
  type ChangeWay,
  type FromVlans,
  type Handlers,
  type MatrixIdentity,
  type ToVlans,
  type VlanMatrix,
} from '../protocol.ts';
import { element, setText, textButton } from '../shared/elements.ts';
import { baseOf, cellOf, nextKind, setCell, settled, wishesOf, withEdit, type Edits } from './edits.ts';
import { Grid, type CellOrder, type ChosenCell } from './grid.ts';
import { Toolbar } from './toolbar.ts';
import { changedWords, driftWords } from './words.ts';

/** What the view keeps for itself over reloads. */
interface ViewState {
  readonly identity?: MatrixIdentity | undefined;
  readonly edits: Edits;
  /** VLANs that the user has added and nobody has yet. */
  readonly added: readonly number[];
}

type VlansHost = Host<ToVlans, FromVlans, ViewState>;

/** vde_switch has VLANs 1 to 4093. */
const highestVlan = 4093;
const hint =
  'Space changes a cell, u makes it untagged, t tagged, - takes it out; Shift and the arrows choose a range.';

/** The VLANs of the ports of one switch: a grid, what was changed in it, and what can be made of that. */
class VlansView {
  private readonly host: VlansHost;
  private readonly toolbar: Toolbar;
  private readonly grid = new Grid((order, cells) => this.order(order, cells));
  private readonly place = document.createElement('div');
  private readonly news = element('p', 'news');
  private readonly drift = document.createElement('div');
  private readonly driftText = element('p', '');
  private readonly status = element('p', 'status');
  private readonly driftButtons: readonly HTMLButtonElement[];
  private matrix: VlanMatrix | undefined;
  /** While the extension is at work: nothing is told to it twice. */
  private isBusy = false;
  private remark = '';

  constructor(host: VlansHost) {
    this.host = host;
    this.toolbar = new Toolbar({
      change: way => this.change(way),
      discard: () => this.set({ edits: {}, added: [] }),
      addVlan: vlan => this.addVlan(vlan),
    });
    this.driftButtons = [
      textButton('Apply Lab File', 'Make the switch as the lab file says', () => this.ask({ type: 'applyFile' })),
      textButton('Adopt into Lab File', 'Write into the lab file what runs', () => this.ask({ type: 'adopt' })),
    ];
    for (const one of [this.status, this.news]) one.role = 'status';
    this.drift.className = 'banner';
    this.drift.append(this.driftText, ...this.driftButtons);
    this.place.className = 'place';
    this.place.append(this.grid.element);
    this.toolbar.show({ canApply: false, canWrite: false, canDiscard: false });
    this.drift.hidden = true;
    document.body.append(this.toolbar.element, this.news, this.drift, this.place, legend(), this.status);
    this.draw();
  }

  readonly handlers: Handlers<ToVlans> = {
    matrix: ({ matrix }) => {
      this.matrix = matrix;
      const { edits } = this.host.state;
      this.host.setState({ identity: matrix.target, edits: matrix.isWaiting ? edits : settled(edits, matrix) });
      this.draw();
    },
    written: () => this.set({ edits: {} }),
    done: ({ words }) => this.finish(words),
    refused: ({ reason }) => this.finish(reason),
  };

  private order(order: CellOrder, cells: readonly [ChosenCell, ...ChosenCell[]]): void {
    const { matrix } = this;
    if (!matrix || !(matrix.canApply || matrix.canWrite) || this.isBusy) return;
    let { edits } = this.host.state;
    const [{ port: at, vlan: column }] = cells;
    const now = cellOf(withEdit(baseOf(at, matrix), edits[at.number]), column);
    const kind = order === 'next' ? nextKind(now, column) : order;
    // A port has one untagged VLAN: in a range, it is that of the column with the focus.
    const meant = kind === 'untagged' ? cells.filter(cell => cell.vlan === column) : cells;
    for (const { port, vlan } of meant) {
      const { [port.number]: edit, ...others } = edits;
      const next = setCell(baseOf(port, matrix), edit, vlan, kind);
      edits = next ? { ...others, [port.number]: next } : others;
    }
    this.set({ edits });
  }

  private addVlan(vlan: number): string | undefined {
    if (!(vlan >= 1 && vlan <= highestVlan)) return `A VLAN is a number from 1 to ${highestVlan}.`;
    if (!this.vlans().includes(vlan)) this.set({ added: [...this.host.state.added, vlan] });
    this.grid.focusColumn(vlan);
    return undefined;
  }

  private vlans(): readonly number[] {
    const { added, edits } = this.host.state;
    const edited = Object.values(edits).flatMap(({ untagged = 0, tags }) => [
      untagged,
      ...Object.keys(tags).map(Number),
    ]);
    return [...new Set([0, ...(this.matrix?.vlans ?? []), ...added, ...edited])].sort((a, b) => a - b);
  }

  private change(way: ChangeWay): void {
    if (this.matrix) this.ask({ type: 'change', way, wishes: wishesOf(this.host.state.edits, this.matrix) });
  }

  private ask(message: FromVlans): void {
    this.isBusy = true;
    this.remark = 'Working …';
    this.host.post(message);
    this.draw();
  }

  private finish(remark: string): void {
    this.isBusy = false;
    this.remark = remark;
    this.draw();
  }

  private set(change: Partial<ViewState>): void {
    this.host.setState(change);
    this.remark = '';
    this.draw();
  }

  private draw(): void {
    const { matrix } = this;
    const { edits } = this.host.state;
    this.place.hidden = !matrix || matrix.ports.length === 0;
    if (matrix) {
      this.drawToolbar(matrix);
      this.drawDrift(matrix);
      this.grid.show({ matrix, edits, vlans: this.vlans() });
    }
    const news = matrix ? (matrix.news ?? '') : 'Reading …';
    setText(this.news, news);
    this.news.hidden = news === '';
    setText(this.status, this.remark || changedWords(edits) || hint);
  }

  private drawToolbar(matrix: VlanMatrix): void {
    const { edits, added } = this.host.state;
    const wishes = wishesOf(edits, matrix);
    const isChanged = wishes.length > 0 && !this.isBusy;
    const hasPlaces = wishes.every(wish => wish.plug !== undefined);
    this.toolbar.show({
      canApply: isChanged && matrix.canApply,
      canWrite: isChanged && matrix.canWrite && hasPlaces,
      canDiscard: isChanged || added.length > 0,
    });
  }

  private drawDrift(matrix: VlanMatrix): void {
    const drift = matrix.canWrite ? driftWords(this.host.state.edits, matrix) : '';
    this.drift.hidden = drift === '';
    setText(this.driftText, drift);
    for (const one of this.driftButtons) one.disabled = this.isBusy || !matrix.canApply;
  }
}

/** What the marks in the cells mean. */
function legend(): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'legend';
  const entries = [
    ['cell untagged', 'U', 'untagged'],
    ['cell tagged', 'T', 'tagged'],
    ['cell untagged changed', 'U', 'changed here, not in force yet'],
    ['cell tagged apart', 'T', 'the lab file says otherwise'],
  ];
  for (const [kind = '', letter = '', words = ''] of entries) {
    const [item, sample, mark] = [
      document.createElement('li'),
      document.createElement('span'),
      document.createElement('span'),
    ];
    sample.className = kind;
    sample.ariaHidden = 'true';
    mark.className = 'mark';
    mark.textContent = letter;
    sample.append(mark);
    item.append(sample, words);
    list.append(item);
  }
  return list;
}

const host: VlansHost = connectToHost<ToVlans, FromVlans, ViewState>({ edits: {}, added: [] });
const view = new VlansView(host);
host.onMessage(message => dispatch(view.handlers, message));
host.post({ type: 'ready' });
