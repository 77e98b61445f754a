import type { LayoutMode } from '../../extension/diagram/picture.ts';
import type { PictureOrder } from '../protocol.ts';
import { button, element, setText } from '../shared/elements.ts';

export interface ToolbarActions {
  setMode(mode: LayoutMode): void;
  setVlan(vlan: number | undefined): void;
  setReachShown(isShown: boolean): void;
  setMapShown(isShown: boolean): void;
  find(): void;
  zoom(factor: number): void;
  fit(): void;
  order(order: PictureOrder): void;
}

export interface ToolbarState {
  readonly mode: LayoutMode;
  /** VLANs of the picture; 0: ports without one. */
  readonly vlans: readonly number[];
  readonly vlan: number | undefined;
  readonly isReachShown: boolean;
  readonly isMapShown: boolean;
  /** Of a lab: who reaches whom is known. */
  readonly hasSegments: boolean;
  readonly canEdit: boolean;
}

export const zoomStep = 1.25;

const icons = {
  find: 'M10.5 6.5A4 4 0 0 1 2.5 6.5A4 4 0 0 1 10.5 6.5ZM9.5 9.5L13.5 13.5',
  out: 'M3 8H13',
  in: 'M3 8H13M8 3V13',
  fit: 'M2.5 6V2.5H6M10 2.5H13.5V6M13.5 10V13.5H10M6 13.5H2.5V10M5.5 5.5H10.5V10.5H5.5Z',
  vm: 'M2.5 3H10.5V9H2.5ZM11.5 12H15.5M13.5 10V14',
  bus: 'M1.5 5H12.5M4 5V9M9 5V9M11.5 12H15.5M13.5 10V14',
  map: 'M2 3H14V13H2ZM8.5 8H12V11H8.5Z',
  reach:
    'M8 8A1.2 1.2 0 0 1 8 8.01M5.5 10.5A3.5 3.5 0 0 1 5.5 5.5M10.5 5.5A3.5 3.5 0 0 1 10.5 10.5M3.5 12.5A6.3 6.3 0 0 1 3.5 3.5M12.5 3.5A6.3 6.3 0 0 1 12.5 12.5',
};

function modeButtons({ setMode }: Pick<ToolbarActions, 'setMode'>): ReadonlyMap<LayoutMode, HTMLButtonElement> {
  const mode = (label: string, value: LayoutMode, title: string): [LayoutMode, HTMLButtonElement] => [
    value,
    button({ label, title, onClick: () => setMode(value) }),
  ];
  return new Map([
    mode('Clear', 'clear', 'Short lines, few crossings'),
    mode('Classic', 'classic', 'Places everything exactly as nwdiag does'),
  ]);
}

function addingButtons({ order }: Pick<ToolbarActions, 'order'>): HTMLElement {
  return element(
    'div',
    'segments',
    button({ label: 'Add VM', icon: icons.vm, title: 'Add a VM (Insert)', onClick: () => order('addVm') }),
    button({
      label: 'Add Switch',
      icon: icons.bus,
      title: 'Add a switch (Shift+Insert)',
      onClick: () => order('addSwitch'),
    }),
  );
}

/** The buttons over the picture. */
export class Toolbar {
  readonly element = element('div', 'toolbar');
  private readonly modes: ReadonlyMap<LayoutMode, HTMLButtonElement>;
  private readonly vlan = element('select', 'vlan');
  private readonly vlanBox = element('label', 'field', 'VLAN ', this.vlan);
  private readonly reach: HTMLButtonElement;
  private readonly map: HTMLButtonElement;
  private readonly scale = element('span', 'scale');
  private readonly summary = element('span', 'summary');
  private readonly adding: HTMLElement;
  private shownVlans = '';

  constructor(actions: ToolbarActions, search: HTMLElement) {
    this.modes = modeButtons(actions);
    this.reach = button({
      label: 'Who reaches whom',
      icon: icons.reach,
      title: 'Show who hears the selected VM, switch or NIC on layer 2 (R)',
      onClick: () => actions.setReachShown(this.reach.ariaPressed !== 'true'),
    });
    this.map = button({
      label: 'Map',
      icon: icons.map,
      title: 'Show a map of the whole picture while it is larger than the view (M)',
      onClick: () => actions.setMapShown(this.map.ariaPressed !== 'true'),
    });
    this.vlan.addEventListener('change', () =>
      actions.setVlan(this.vlan.value === '' ? undefined : Number(this.vlan.value)),
    );
    const group = element('div', 'segments', ...this.modes.values());
    group.role = 'group';
    group.ariaLabel = 'Layout';
    this.element.role = 'toolbar';
    this.element.ariaLabel = 'Picture';
    this.summary.role = 'status';
    this.adding = addingButtons(actions);
    const find = button({ label: 'Find', icon: icons.find, title: 'Find (Ctrl+F)', onClick: () => actions.find() });
    const out = button({
      label: 'Zoom Out',
      icon: icons.out,
      title: 'Zoom out (−)',
      onClick: () => actions.zoom(1 / zoomStep),
    });
    const inward = button({
      label: 'Zoom In',
      icon: icons.in,
      title: 'Zoom in (+)',
      onClick: () => actions.zoom(zoomStep),
    });
    const fit = button({ label: 'Fit', icon: icons.fit, title: 'Show all of it (0)', onClick: () => actions.fit() });
    const space = element('span', 'space');
    this.element.append(
      group,
      this.adding,
      this.vlanBox,
      this.reach,
      this.summary,
      space,
      search,
      find,
      out,
      this.scale,
      inward,
      fit,
      this.map,
    );
  }

  show({ mode, vlans, vlan, isReachShown, isMapShown, hasSegments, canEdit }: ToolbarState): void {
    this.adding.hidden = !canEdit;
    for (const [value, one] of this.modes) one.ariaPressed = String(value === mode);
    this.reach.ariaPressed = String(isReachShown);
    this.reach.hidden = !hasSegments;
    this.map.ariaPressed = String(isMapShown);
    this.vlanBox.hidden = vlans.every(one => one === 0);
    if (this.shownVlans !== vlans.join()) this.listVlans(vlans);
    this.vlan.value = vlan === undefined ? '' : String(vlan);
    this.vlanBox.classList.toggle('active', vlan !== undefined);
  }

  showScale(scale: number): void {
    setText(this.scale, `${Math.round(scale * 100)} %`);
  }

  showSummary(summary: string): void {
    setText(this.summary, summary);
  }

  private listVlans(vlans: readonly number[]): void {
    this.shownVlans = vlans.join();
    const option = (value: string, label: string): HTMLOptionElement => {
      const made = element('option', '', label);
      made.value = value;
      return made;
    };
    const one = (vlan: number): HTMLOptionElement => option(String(vlan), vlan === 0 ? 'none' : String(vlan));
    this.vlan.replaceChildren(option('', 'all'), ...vlans.map(one));
  }
}
