import { beforeEach, describe, expect, test } from 'vitest';
import { thingId } from '../../../extension/diagram/thing-id.ts';
import type { LabReading } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import * as room from '../../../extension/runtime/picture/picture-room.ts';
import type { LabSnapshot } from '../../../extension/runtime/state.ts';
import {
  PicturePanel,
  type PictureChoice,
  type PictureHost,
} from '../../../extension/vscode/pictures/picture-panel.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeTab } from '../../support/fake-tab.ts';
import { running, snapshotOf } from '../../support/lab-builder.ts';
import type { FromPicture, ToPicture } from '../../../webview/protocol.ts';

const file = '/labs/dmz.lab.yaml';
const small = 'switches: { lan: }\nvms: { fw: { id: 31, nics: [{ switch: lan }] } }\n';
let text: string | undefined;
let snapshot: LabSnapshot | undefined;
/** What the extension has read already. */
let known: { readonly text: string; readonly reading: LabReading } | undefined;
let tab: FakeTab<FromPicture, ToPicture>;
let panel: PicturePanel;
let choices: PictureChoice[];

const host: PictureHost = {
  room: () => Promise.resolve(room),
  textOf: () => Promise.resolve(text),
  readingOf: (_, of) => (of === known?.text ? known.reading : undefined),
  snapshot: () => snapshot,
  switches: () => [],
};

const labOf = (of: string) => readLab(of, { fileName: file }).lab;
const nodes = () =>
  tab
    .ofType('picture')
    .at(-1)
    ?.document.picture?.nodes.map(({ node }) => node.id);
const stateOf = (name: string) => tab.ofType('live').at(-1)?.live.states[thingId('node', name)]?.kind;

beforeEach(() => {
  [text, snapshot, known, choices] = [small, snapshotOf(labOf(small)), undefined, []];
  tab = new FakeTab();
  panel = new PicturePanel(file, tab, host);
  panel.onDidChoose(choice => choices.push(choice));
});

async function ready(): Promise<void> {
  tab.say({ type: 'ready', mode: undefined });
  await settle();
}

describe('a picture', () => {
  test('says nothing before its view is there, and then everything, again for a view that was loaded again', async () => {
    await panel.readAgain();
    panel.updateLive();
    const before = tab.posted.length;
    await ready();
    await ready();

    expect(before).toBe(0);
    expect(tab.posted.map(({ type }) => type)).toEqual(['picture', 'live', 'picture', 'live']);
    expect([nodes(), stateOf('fw')]).toEqual([['fw'], 'stopped']);
  });

  test('follows the text, and what runs, and is silent while neither changes', async () => {
    await ready();
    text = small.replace('vms: {', 'vms: { pc: { id: 32, nics: [{ switch: lan }] },');
    await panel.readAgain();
    expect(nodes()).toEqual(['pc', 'fw']);

    snapshot = snapshotOf(labOf(small), { fw: running() });
    panel.updateLive();
    const told = tab.posted.length;
    panel.updateLive();

    expect([stateOf('fw'), tab.posted.length]).toEqual(['running', told]);
  });

  test('is not read again where the extension has read it', async () => {
    const renamed = readLab(small.replaceAll('fw', 'known'), { fileName: file });
    known = { text: `${small}# typed`, reading: renamed };
    await ready();
    expect(nodes()).toEqual(['fw']);

    ({ text } = known);
    await panel.readAgain();

    expect(nodes()).toEqual(['known']);
  });

  test('is laid out before its view is there, and once only', async () => {
    const layouts: string[] = [];
    const counting: typeof room = {
      ...room,
      pictureOf: (diagram, mode, former) => {
        layouts.push(mode);
        return room.pictureOf(diagram, mode, former);
      },
    };
    panel = new PicturePanel(file, tab, { ...host, room: () => Promise.resolve(counting) });
    await settle();
    expect(layouts).toEqual(['clear']);

    await ready();
    expect([layouts, nodes()]).toEqual([['clear'], ['fw']]);
    tab.say({ type: 'layout', mode: 'classic' });
    tab.say({ type: 'layout', mode: 'classic' });

    expect(layouts).toEqual(['clear', 'classic']);
  });

  test('keeps what it showed while the file cannot be read, and says so', async () => {
    await ready();
    text = 'nothing of a lab';
    await panel.readAgain();

    expect(nodes()).toEqual(['fw']);
    expect(tab.ofType('picture').at(-1)?.document.news).toContain('as it was before');
  });

  test('is laid out as the user wants it, also after a reload', async () => {
    tab.say({ type: 'ready', mode: 'classic' });
    await settle();
    tab.say({ type: 'layout', mode: 'clear' });

    expect(tab.ofType('picture').map(({ document }) => document.mode)).toEqual(['classic', 'clear']);
  });

  test('tells what was chosen with its row and its place, and selects what was wanted before it was there', async () => {
    panel.select([thingId('node', 'fw')]);
    await ready();
    tab.say({ type: 'select', things: [thingId('network', 'lan'), 'nobody'] });

    expect(tab.ofType('select').map(({ things }) => things)).toEqual([[thingId('node', 'fw')]]);
    expect(choices.map(({ kind, things }) => [kind, things.map(({ row }) => row)])).toEqual([
      ['select', [`${file}#switch/lan`]],
    ]);
    expect(panel.find({ offset: small.indexOf('id: 31') })?.id).toBe(thingId('node', 'fw'));
  });

  test('finds of the VMs of a row, which stand in one place, the one that is selected there', async () => {
    text = 'switches: { lan: }\nvms: { web: { id: 31, count: 3 }, fw: { id: 40 } }\n';
    await ready();
    const found = () => panel.find({ offset: text?.indexOf('count') ?? 0 })?.id;
    expect(found()).toBe(thingId('node', 'web-1'));

    tab.say({ type: 'select', things: [thingId('node', 'web-2')] });
    expect(found()).toBe(thingId('node', 'web-2'));
    panel.select([thingId('node', 'fw')]);

    expect(found()).toBe(thingId('node', 'web-1'));
  });

  test('tells a hidden view nothing, and lets go of everything at the end', async () => {
    await ready();
    const told = tab.posted.length;
    tab.setVisible(false);
    await panel.readAgain();
    panel.updateLive();
    panel.tab.release();

    expect([tab.posted.length, tab.listenerCount]).toEqual([told, 0]);
  });
});
