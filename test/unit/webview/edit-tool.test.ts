import { describe, expect, test } from 'vitest';
import { linkId, thingId } from '../../../extension/diagram/thing-id.ts';
import { dropOf } from '../../../webview/topology/drops.ts';
import { EditTool, type Ghost } from '../../../webview/topology/edit-tool.ts';
import { actionOf } from '../../../webview/topology/keys.ts';
import type { PointerAt } from '../../../webview/topology/tools.ts';
import type { PictureEdit } from '../../../webview/protocol.ts';
import { pictureLab, pictureOfLab } from '../../support/picture-builder.ts';

const clear = pictureOfLab(pictureLab, 'clear');
const [lan, dmz] = [thingId('network', 'lan'), thingId('network', 'dmz')];
const [fw, pc, uplink] = [thingId('node', 'fw'), thingId('node', 'pc'), thingId('node', 'lan/uplink')];
const nic = linkId({ node: 'pc', nic: 1, network: 'lan' });
const nowhere = { x: 0, y: 0 };

describe('what comes of letting go', () => {
  test.each([
    ['a VM over a bus', fw, dmz, { kind: 'addNic', vm: 'fw', switch: 'dmz' }],
    ['a NIC over a bus', nic, dmz, { kind: 'moveNic', vm: 'pc', nic: 1, switch: 'dmz' }],
    ['a bus over a bus', lan, dmz, { kind: 'addWire', between: ['lan', 'dmz'] }],
    ['a bus over itself', lan, lan, undefined],
    ['a NIC over a VM', nic, fw, undefined],
    ['a VM over a VM', fw, pc, undefined],
  ])('%s', (_, dragged, thing, edit) => {
    expect(dropOf(dragged, { thing, point: nowhere }, clear)?.edit).toEqual(edit);
  });

  test('every node is pinned where it is let go: where it was drawn, at the place it had', () => {
    for (const { node, column, row, box } of clear.nodes) {
      const point = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
      const drop = dropOf(thingId('node', node.id), { thing: undefined, point }, clear);

      expect(drop?.edit).toEqual({ kind: 'pin', node: node.id, column, row });
    }
  });

  test('nothing is pinned in the classic layout, nor where something is pinned already', () => {
    const pinned = pictureOfLab(
      { ...pictureLab, pins: [{ name: 'pc', column: 2, row: 1, nameSpan: { start: 0, end: 0 } }] },
      'clear',
    );
    const { left, top } = pinned.nodes.find(({ node }) => node.id === 'pc')!.box;
    const point = { x: left + 5, y: top + 5 };

    expect(dropOf(uplink, { thing: undefined, point }, pinned)).toBeUndefined();
    expect(dropOf(pc, { thing: undefined, point }, pinned)?.edit).toEqual({
      kind: 'pin',
      node: 'pc',
      column: 2,
      row: 1,
    });
    expect(dropOf(fw, { thing: undefined, point: nowhere }, pictureOfLab())).toBeUndefined();
  });
});

describe('the tool', () => {
  const at = (x: number, thing: string | undefined, change: Partial<PointerAt> = {}): PointerAt => ({
    ...{ screen: { x, y: 0 }, picture: { x, y: 0 }, thing, button: 0, isAdding: false, ...change },
  });
  const made = (canEdit = true) => {
    const seen: { ghosts: (Ghost | undefined)[]; clicks: string[]; sent: PictureEdit[] } = {
      ghosts: [],
      clicks: [],
      sent: [],
    };
    const tool = new EditTool({
      canEdit: () => canEdit,
      dropAt: (dragged, { thing, picture: point }) => dropOf(dragged, { thing, point }, clear),
      click: thing => seen.clicks.push(thing),
      show: ghost => seen.ghosts.push(ghost),
      send: edit => seen.sent.push(edit),
    });
    return { tool, seen };
  };

  test('says what would come of it, and sends it when it is let go', () => {
    const { tool, seen } = made();
    const drag = tool.press(at(0, nic));
    drag?.move(at(50, dmz));
    drag?.end(at(50, dmz), false);

    expect(seen.ghosts.map(ghost => ghost?.words)).toEqual(['Move pc NIC 1 to dmz', undefined]);
    expect(seen.sent).toEqual([{ kind: 'moveNic', vm: 'pc', nic: 1, switch: 'dmz' }]);
  });

  test('sends nothing when it is given up, and takes a press that does not move for a click', () => {
    const { tool, seen } = made();
    const drag = tool.press(at(0, nic));
    drag?.move(at(50, dmz));
    drag?.end(at(50, dmz), true);
    const click = tool.press(at(0, fw));
    click?.move(at(2, fw));
    click?.end(at(2, fw), false);

    expect([seen.sent, seen.clicks]).toEqual([[], [fw]]);
  });

  test('leaves to others what it cannot drag, and all of a .diag', () => {
    const group = thingId('group', 'office');

    expect([
      made().tool.press(at(0, undefined)),
      made().tool.press(at(0, group)),
      made().tool.press(at(0, fw, { isAdding: true })),
      made().tool.press(at(0, fw, { button: 1 })),
      made(false).tool.press(at(0, fw)),
    ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
});

test('keys ask for edits', () => {
  const key = (name: string, change = {}) =>
    actionOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change }, true);

  expect(key('Insert')).toEqual({ kind: 'order', order: 'addVm' });
  expect(key('Insert', { shiftKey: true })).toEqual({ kind: 'order', order: 'addSwitch' });
  expect(key('z', { ctrlKey: true })).toEqual({ kind: 'order', order: 'undo' });
  expect(key('Z', { metaKey: true, shiftKey: true })).toEqual({ kind: 'order', order: 'redo' });
  expect(key('F2', { altKey: true })).toBeUndefined();
  expect(key('f', { ctrlKey: true })).toEqual({ kind: 'find' });
});
