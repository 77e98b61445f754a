import type * as vscode from 'vscode';
import {
  dispatch,
  type FromPicture,
  type Handlers,
  type PictureDocument,
  type PictureEdit,
  type PictureOrder,
  type ToPicture,
} from '../../../webview/protocol.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { DiagramPin } from '../../diagram/diagram.ts';
import { nothingLive, type LivePicture, type PictureFacts } from '../../diagram/live.ts';
import type { LayoutMode, Picture } from '../../diagram/picture.ts';
import type { ThingId } from '../../diagram/thing-id.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import type { IncludedFile, LabReading } from '../../lab/model.ts';
import type { YamlPieces } from '../../lab/reading/yaml-pieces.ts';
import { baseName } from '../../runtime/paths.ts';
import { labTree } from '../../runtime/views/lab-tree.ts';
import { isDiagFile } from '../../runtime/picture/picture-file.ts';
import type * as pictureRoom from '../../runtime/picture/picture-room.ts';
import type { PictureSubject } from '../../runtime/picture/picture-subject.ts';
import type { PictureThing, PictureThings } from '../../runtime/picture/picture-things.ts';
import type { SwitchPicture } from '../../runtime/switches/port-picture.ts';
import type { LabSnapshot } from '../../runtime/state.ts';
import { ViewTab, type TabPanel } from '../view-tab.ts';

/** The part of our code that is loaded for pictures only. */
export type PictureRoom = typeof pictureRoom;

/** What a picture needs of the rest. */
export interface PictureHost {
  readonly room: () => Promise<PictureRoom>;
  /** The file as it is now, in an editor or on the disk; undefined: there is none. */
  readonly textOf: (file: string) => Promise<string | undefined>;
  /** What the extension has made of this very text of a lab file; undefined: it has not read it yet. */
  readonly readingOf: (file: string, text: string) => LabReading | undefined;
  readonly snapshot: (file: string) => LabSnapshot | undefined;
  /** The switches of a lab that are watched, as they are. */
  readonly switches: (snapshot: LabSnapshot) => readonly SwitchPicture[];
}

type Panel = TabPanel & Pick<vscode.WebviewPanel, 'active'>;

/** What the user did in the picture. */
export interface PictureChoice {
  readonly kind: 'select' | 'open';
  readonly things: readonly PictureThing[];
}

/** What the user wants changed in the lab file. */
export type PictureWish =
  | { readonly kind: 'edit'; readonly edit: PictureEdit }
  | { readonly kind: 'order'; readonly order: PictureOrder; readonly things: readonly ThingId[] };

const defaultMode: LayoutMode = 'clear';

/** Shows the picture of one file in one tab. Knows nothing of editors and trees; tells what was chosen. */
export class PicturePanel implements Disposable {
  readonly file: string;
  private readonly panel: Panel;
  private readonly host: PictureHost;
  readonly tab: ViewTab<FromPicture, ToPicture>;
  private readonly chosen = new Emitter<PictureChoice>();
  readonly onDidChoose = this.chosen.event;
  private readonly wished = new Emitter<PictureWish>();
  readonly onDidWish = this.wished.event;
  private room: PictureRoom | undefined;
  private mode: LayoutMode | undefined;
  private subject: PictureSubject | undefined;
  /** What the subject was read from. */
  private read: { readonly text: string; readonly included: readonly IncludedFile[] | undefined } | undefined;
  /** What was parsed of the text before it changed. */
  private pieces: YamlPieces | undefined;
  private laidOut: { readonly subject: PictureSubject; readonly picture: Picture | undefined } | undefined;
  private things: PictureThings | undefined;
  /** The clear layout as it was last, so that an edit moves little. */
  private former: Picture | undefined;
  private selected: readonly ThingId[] = [];
  /** To be selected as soon as the view is there. */
  private wanted: readonly ThingId[] | undefined;
  private told = '';
  private turn = 0;

  constructor(file: string, panel: Panel, host: PictureHost) {
    this.file = file;
    this.panel = panel;
    this.host = host;
    this.tab = new ViewTab(panel, message => dispatch(this.handlers, message));
    this.tab.add(this.chosen);
    this.tab.add(this.wished);
    // VS Code takes longer to load the view than this takes.
    void this.prepare();
  }

  /** Whether it is the tab that has the focus, or had it last. */
  get isActive(): boolean {
    return this.panel.active;
  }

  /** What the lab file includes, as it was read last. */
  get included(): readonly IncludedFile[] | undefined {
    return this.host.snapshot(this.file)?.reading.included;
  }

  get layout(): LayoutMode {
    return this.mode ?? defaultMode;
  }

  show(): void {
    this.panel.reveal(undefined, true);
  }

  /** The file has changed. */
  async readAgain(): Promise<void> {
    if (this.tab.isLoaded && (await this.prepare())) this.draw();
  }

  /** What runs has changed. */
  updateLive(): void {
    const { subject, things, room } = this;
    if (!this.tab.isLoaded || !subject || !things || !room) return;
    const snapshot = this.snapshotOf(subject);
    const rows = snapshot && labTree(snapshot);
    const facts: Readonly<Record<ThingId, PictureFacts>> = rows
      ? room.labFacts(subject.diagram, things, rows)
      : room.diagramFacts(subject.diagram);
    const live: LivePicture = snapshot ? room.liveLab(snapshot, this.host.switches(snapshot)) : nothingLive;
    const summary = rows?.description ?? '';
    const message: ToPicture = { type: 'live', live, facts, summary, menu: rows && room.menuOf(rows) };
    const text = JSON.stringify(message);
    if (text === this.told) return;
    this.told = text;
    this.tab.post(message);
  }

  /** Somebody has chosen something elsewhere. */
  select(things: readonly ThingId[]): void {
    this.selected = things;
    if (this.tab.isLoaded) this.tab.post({ type: 'select', things });
    else this.wanted = things;
  }

  /** The thing of a row of the tree, or of a place in the file; of several in one place the one that is selected. */
  find(place: { readonly row: string } | { readonly offset: number }): PictureThing | undefined {
    if ('row' in place) return this.things?.atRow(place.row);
    const found = this.things?.atOffset(place.offset);
    const selected = this.selected.map(id => this.things?.get(id));
    return selected.find(one => one?.span && isSameSpan(one.span, found?.span)) ?? found;
  }

  /** Where the clear layout has put a node; undefined: it is not drawn so. */
  cellOf(name: string): DiagramPin | undefined {
    const placed = this.former?.nodes.find(({ node }) => node.id === name);
    return placed && { column: placed.column, row: placed.row };
  }

  /** Puts the focus into the picture. */
  focus(): void {
    this.panel.reveal(undefined, false);
  }

  /** Closes the tab. */
  dispose(): void {
    this.tab.dispose();
  }

  private readonly handlers: Handlers<FromPicture> = {
    ready: ({ mode }) => {
      this.mode = mode ?? this.mode;
      this.tab.setLoaded();
      void this.begin();
    },
    layout: ({ mode }) => {
      this.mode = mode;
      this.draw();
    },
    edit: ({ edit }) => this.wished.fire({ kind: 'edit', edit }),
    order: ({ order, things }) => this.wished.fire({ kind: 'order', order, things }),
    select: ({ things }) => {
      this.selected = things;
      this.choose('select', things);
    },
    open: ({ thing }) => this.choose('open', thing === undefined ? [] : [thing]),
  };

  /** Reads the file and lays it out. Gives whether that is still wanted: a later change may have overtaken this one. */
  private async prepare(): Promise<boolean> {
    const turn = ++this.turn;
    const { file, host } = this;
    const [text, room] = await Promise.all([host.textOf(file), host.room()]);
    if (turn !== this.turn || this.tab.isClosed) return false;
    this.room = room;
    const { included, subject: former } = this;
    const isRead = this.read?.text === text && this.read?.included === included;
    if (text !== undefined && !isRead) {
      this.read = { text, included };
      this.subject = room.readSubject({ file, text, former, readLab: one => this.readLab(one, room) });
    }
    if (this.subject) this.layOut(this.subject, room);
    return true;
  }

  private readLab(text: string, { parseLab, readLab, YamlPieces }: PictureRoom): LabReading {
    const { file, included } = this;
    const held = this.host.readingOf(file, text);
    if (held) return held;
    this.pieces ??= new YamlPieces();
    return readLab(parseLab(text, this.pieces), { fileName: baseName(file), included });
  }

  /** Undefined: there is nothing to draw. */
  private layOut(subject: PictureSubject, room: PictureRoom): Picture | undefined {
    const { laidOut, layout: mode } = this;
    if (laidOut?.subject === subject && (laidOut.picture?.layout ?? mode) === mode) return laidOut.picture;
    const { diagram } = subject;
    const isEmpty = diagram.networks.length + diagram.nodes.length === 0;
    const picture = isEmpty ? undefined : room.pictureOf(diagram, mode, this.former);
    if (mode === 'clear') this.former = picture;
    this.laidOut = { subject, picture };
    return picture;
  }

  private async begin(): Promise<void> {
    await this.readAgain();
    const { wanted } = this;
    this.wanted = undefined;
    if (wanted) this.select(wanted);
  }

  private draw(): void {
    const { subject, room } = this;
    if (!this.tab.isLoaded || !subject || !room) return;
    const { diagram, name, lab, news } = subject;
    const picture = this.layOut(subject, room);
    const isDiag = isDiagFile(this.file);
    this.things = new room.PictureThings(diagram, isDiag ? undefined : this.file);
    const document: PictureDocument = {
      ...{ file: this.file, name, kind: isDiag ? 'diag' : 'lab', mode: this.layout, news },
      picture: picture && { ...picture, diagram: { settings: diagram.settings, routes: diagram.routes } },
      segments: lab ? room.pictureSegments(lab) : [],
    };
    this.told = '';
    this.tab.post({ type: 'picture', document });
    this.updateLive();
  }

  /** The states that are known, of the lab as it is typed at this moment. */
  private snapshotOf({ lab }: PictureSubject): LabSnapshot | undefined {
    const snapshot = this.host.snapshot(this.file);
    return snapshot && lab && { ...snapshot, lab };
  }

  private choose(kind: PictureChoice['kind'], ids: readonly ThingId[]): void {
    this.chosen.fire({ kind, things: ids.flatMap(id => this.things?.get(id) ?? []) });
  }
}

/** The VMs of a row stand all in one place. */
const isSameSpan = (one: TextSpan, other: TextSpan | undefined): boolean =>
  one.start === other?.start && one.end === other.end && one.file === other.file;
