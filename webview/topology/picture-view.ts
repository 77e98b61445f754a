import { drawPicture, vlansOf } from '../../extension/diagram/drawing/draw.ts';
import type { LayoutMode } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { Host } from '../host.ts';
import type { FromPicture, Handlers, PictureDocument, PictureOrder, ToPicture } from '../protocol.ts';
import { afterFrame } from './after-frame.ts';
import { Editing } from './editing.ts';
import { element } from '../shared/elements.ts';
import { HoverCard } from './hover-card.ts';
import { Keyboard } from './keyboard.ts';
import { factsOf, nothingKnown } from './known.ts';
import { litThings } from './marks.ts';
import { placeIn } from './menu-place.ts';
import { Menus } from './menus.ts';
import { Minimap } from './minimap.ts';
import { Ways } from './navigation.ts';
import { Notices } from './notices.ts';
import { OutlineTree } from './outline-tree.ts';
import { outlineOf } from './outline.ts';
import { Scene } from './scene.ts';
import { SearchBox } from './search-box.ts';
import { thingsFound } from './search.ts';
import { chosen, isSame } from './selection.ts';
import { Stage } from './stage.ts';
import { Toolbar } from './toolbar.ts';
import { PanTool, SelectTool } from './tools.ts';
import type { ViewState } from './view-state.ts';
import type { Viewport } from './viewport.ts';

/** The picture of one file: a toolbar, the stage, and what is said below it. */
export class PictureView {
  private readonly host: Host<ToPicture, FromPicture, ViewState>;
  private readonly drawn: () => void;
  private readonly stage: Stage;
  private readonly toolbar: Toolbar;
  private readonly search: SearchBox;
  private readonly outline: OutlineTree;
  private readonly minimap: Minimap;
  private readonly card = new HoverCard();
  private readonly notices: Notices;
  private readonly editing: Editing;
  private document: PictureDocument | undefined;
  private known = nothingKnown;
  private ways: Ways | undefined;
  private selected: ReadonlySet<ThingId>;
  private hovered: ThingId | undefined;
  private found: ReadonlySet<ThingId> | undefined;
  private frame: number | undefined;
  private isOutlining = false;

  /** `drawn`: is told when a picture comes with the next frame. */
  constructor(host: Host<ToPicture, FromPicture, ViewState>, drawn: () => void) {
    this.host = host;
    this.drawn = drawn;
    this.selected = new Set(host.state.selected);
    this.stage = new Stage({
      hovered: (thing, at) => this.hover(thing, at),
      looked: (viewport, isResting) => this.looked(viewport, isResting),
    });
    this.outline = new OutlineTree({ focused: () => this.mark() });
    this.minimap = new Minimap(this.stage.element, place => this.stage.centre(place));
    this.notices = new Notices(() => host.post({ type: 'open', thing: undefined }));
    this.search = this.makeSearch();
    this.toolbar = this.makeToolbar();
    const target = { pan: (dx: number, dy: number) => this.stage.pan(dx, dy), settle: () => this.stage.settle() };
    const select = (thing: ThingId | undefined, isAdding: boolean): void => {
      this.select(chosen(this.selected, thing, isAdding));
      this.outline.focus(thing);
    };
    this.editing = new Editing(this.stage.element, {
      document: () => this.document,
      selected: () => this.present,
      click: thing => select(thing, false),
      point: thing => {
        this.card.hide();
        this.pointAt(thing);
      },
      post: message => host.post(message),
    });
    this.stage.tools.push(new PanTool(target), this.editing.tool, new SelectTool(target, select));
    this.lay();
    this.listen();
    if (host.state.viewport) this.stage.restore(host.state.viewport);
  }

  readonly handlers: Handlers<ToPicture> = {
    picture: ({ document }) => {
      const isOther = this.document !== undefined && this.document.mode !== document.mode;
      this.document = document;
      this.host.setState({ file: document.file, mode: document.mode });
      this.ways = undefined;
      // In another layout everything is elsewhere.
      if (isOther) this.stage.fit();
      this.redrawSoon();
    },
    live: message => {
      this.known = message;
      this.redrawSoon();
    },
    select: ({ things }) => {
      this.choose(new Set(things));
      const [first] = things;
      // Where all of it is shown, it is as well, and stays so when it moves.
      if (first !== undefined && !this.stage.isWhole) this.stage.reveal(first);
    },
  };

  private lay(): void {
    const { stage, notices } = this;
    stage.element.append(this.minimap.element, notices.news, notices.cover, this.card.element);
    const room = element('main', 'room', stage.element, this.outline.element);
    document.body.append(this.toolbar.element, room, notices.details);
  }

  private listen(): void {
    const { stage, outline } = this;
    stage.element.addEventListener('dblclick', event => {
      const thing = stage.thingAt(placeIn(stage.element, event));
      if (thing !== undefined) this.host.post({ type: 'open', thing });
    });
    new Menus({
      stage,
      outline,
      factsOf: thing => this.known.facts[thing],
      menu: () => this.known.menu,
      selected: () => this.present,
      select: thing => this.select(new Set([thing])),
    });
    stage.element.addEventListener('contextmenu', () => this.card.hide());
    new Keyboard(document.body, {
      stage,
      outline,
      ways: () => this.findWays(),
      step: (thing, isAdding) => this.select(chosen(this.selected, thing, isAdding)),
      open: thing => this.host.post({ type: 'open', thing }),
      clear: () => (this.search.isOpen ? this.search.close() : this.select(new Set())),
      find: () => this.search.open(),
      setReachShown: () => this.set({ isReachShown: !this.host.state.isReachShown }),
      setMapShown: () => this.set({ isMapShown: !this.host.state.isMapShown }),
      order: order => this.editing.order(order),
    });
    new MutationObserver(() => this.retheme()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  }

  private makeSearch(): SearchBox {
    return new SearchBox({
      searched: query => {
        const things = thingsFound(query, this.known.facts);
        this.found = things && new Set(things);
        this.mark();
        return things;
      },
      went: thing => {
        this.select(new Set([thing]));
        this.stage.reveal(thing);
      },
      closed: () => {
        this.found = undefined;
        this.mark();
        this.outline.focus();
      },
    });
  }

  private makeToolbar(): Toolbar {
    const { stage } = this;
    const actions = {
      setMode: (mode: LayoutMode) => this.host.post({ type: 'layout', mode }),
      setVlan: (vlan: number | undefined) => this.set({ vlan }),
      setReachShown: (isReachShown: boolean) => this.set({ isReachShown }),
      setMapShown: (isMapShown: boolean) => this.set({ isMapShown }),
      find: () => this.search.open(),
      zoom: (factor: number) => stage.zoom(factor),
      fit: () => stage.fit(),
      order: (order: PictureOrder) => this.editing.order(order),
    };
    return new Toolbar(actions, this.search.element);
  }

  private set(change: Partial<ViewState>): void {
    this.host.setState(change);
    this.showToolbar();
    this.minimap.setWanted(this.host.state.isMapShown);
    if (this.stage.viewport) this.minimap.look(this.stage.viewport, this.stage.screenSize);
    this.mark();
  }

  /** With the next frame: a picture and what runs of it come as two messages. */
  private redrawSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.redraw();
    });
  }

  private redraw(): void {
    const { document: shown, known } = this;
    if (!shown) return;
    this.notices.show(shown);
    this.showToolbar();
    this.toolbar.showSummary(known.summary);
    document.body.dataset['vscodeContext'] = JSON.stringify({ ...known.menu, preventDefaultContextMenuItems: true });
    if (!shown.picture) return;
    const scene = new Scene(drawPicture(shown.picture, known.live));
    this.stage.show(scene);
    this.drawn();
    this.minimap.show(scene);
    this.search.again();
    this.mark();
    this.outlineSoon();
  }

  /** After the frame in which the stage paints: thousands of elements that nobody sees need not delay the picture. */
  private outlineSoon(): void {
    if (this.isOutlining) return;
    this.isOutlining = true;
    afterFrame(() => {
      this.isOutlining = false;
      const picture = this.document?.picture;
      if (!picture) return;
      this.outline.show(outlineOf(picture), this.known.facts);
      this.outline.select(this.selected);
    });
  }

  /** Made when the first arrow key is pressed in a picture. */
  private findWays(): Ways | undefined {
    const picture = this.document?.picture;
    return (this.ways ??= picture && new Ways(picture));
  }

  private showToolbar(): void {
    const { document: shown } = this;
    if (!shown) return;
    const { vlan, isReachShown, isMapShown } = this.host.state;
    const own = shown.picture ? vlansOf(shown.picture) : [];
    const hasSegments = shown.segments.length > 0;
    const vlans = own.length > 0 && hasSegments ? [0, ...own] : [];
    const { mode, kind } = shown;
    this.toolbar.show({ mode, vlans, vlan, isReachShown, isMapShown, hasSegments, canEdit: kind === 'lab' });
  }

  /** The user has chosen: the tree and the file follow. */
  private select(things: ReadonlySet<ThingId>): void {
    if (isSame(things, this.selected)) return;
    this.choose(things);
    this.host.post({ type: 'select', things: [...things] });
  }

  /** What is selected and still there: a thing that was renamed is another one. */
  private get present(): readonly ThingId[] {
    return [...this.selected].filter(thing => this.known.facts[thing] !== undefined);
  }

  private choose(things: ReadonlySet<ThingId>): void {
    this.selected = things;
    this.host.setState({ selected: [...things] });
    this.outline.select(things);
    this.mark();
  }

  private mark(): void {
    const { selected, hovered, found, host, document: shown } = this;
    const { vlan, isReachShown } = host.state;
    const lit = litThings({ vlan, isReachShown, found }, selected, shown?.segments ?? []);
    this.stage.mark({ selected, hovered, focused: this.outline.focusedThing, lit });
    const facts = [...selected].flatMap(thing => factsOf(this.known, thing) ?? []);
    this.notices.tell(
      facts,
      isReachShown && selected.size === 0 ? 'Select a VM to see who it reaches on layer 2.' : '',
    );
  }

  private hover(thing: ThingId | undefined, at: { readonly x: number; readonly y: number }): void {
    this.card.show(thing === undefined ? undefined : factsOf(this.known, thing), at, this.stage.screenSize);
    this.pointAt(thing);
  }

  private pointAt(thing: ThingId | undefined): void {
    if (thing === this.hovered) return;
    this.hovered = thing;
    this.mark();
  }

  private looked(viewport: Viewport, isResting: boolean): void {
    this.toolbar.showScale(viewport.scale);
    this.minimap.look(viewport, this.stage.screenSize);
    if (!isResting) this.card.hide();
    else this.host.setState({ viewport: this.stage.isWhole ? undefined : viewport });
  }

  private retheme(): void {
    this.stage.retheme();
    this.minimap.retheme();
    if (this.stage.viewport) this.minimap.look(this.stage.viewport, this.stage.screenSize);
  }
}
