import { beforeEach, describe, expect, test } from 'vitest';
import { applyEdits } from '../../../extension/lab/edits/edit.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { SwitchWatcher } from '../../../extension/runtime/switches/switch-watcher.ts';
import { VlanActions } from '../../../extension/runtime/switches/vlan-actions.ts';
import { drawMatrix, switchOf } from '../../../extension/runtime/switches/vlan-matrix.ts';
import { VlanPanel } from '../../../extension/vscode/switches/vlan-panel.ts';
import type { ChangeWay, FromVlans, ToVlans } from '../../../webview/protocol.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeManagement, FakeVdeSwitch } from '../../support/fake-management.ts';
import { FakeProcesses } from '../../support/fake-processes.ts';
import { FakeTab } from '../../support/fake-tab.ts';
import { runningLan, runRoot } from '../../support/switch-pictures.ts';

const path = '/labs/dmz.lab.yaml';
const target = { lab: path, name: 'lan', socket: '' };
const begun = `name: dmz
switches: { lan: { vlans: [10, 20] } }
vms:
  pc: { id: 1, nics: [{ switch: lan, vlan: 10 }] }
  pd: { id: 2, nics: [{ switch: lan, vlan: 10 }] }
`;
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

let store: LabStore;
let lan: FakeVdeSwitch;
let watcher: SwitchWatcher;
let text: string;
let tab: FakeTab<FromVlans, ToVlans>;
let panel: VlanPanel;
let isTrusted: boolean;
let bugs: unknown[];

beforeEach(async () => {
  [store, text, isTrusted, bugs] = [new LabStore(), begun, true, []];
  lan = new FakeVdeSwitch().port(1, { vlan: 10 }).port(2, { vlan: 10 }).vlan(10).vlan(20);
  const management = new FakeManagement();
  management.switches.set(runningLan().management!, lan);
  const parts = { management, clock: new FakeClock(), store, processes: new FakeProcesses(), runRoots: [runRoot] };
  watcher = new SwitchWatcher({ ...parts, intervalMs: () => 2000 });
  store.setReading(path, readLab(text));
  store.setHost({ vms: [], switches: [runningLan()], wires: [] });
  tab = new FakeTab();
  const actions = new VlanActions({
    store,
    switches: watcher,
    editor: {
      edit: (_path, make) => {
        const edits = make(text);
        text = applyEdits(text, edits);
        store.setReading(path, readLab(text));
        return Promise.resolve(edits.length > 0);
      },
    },
  });
  const find = () => switchOf(target, store.labs, store.host.switches);
  panel = new VlanPanel(target, tab, {
    draw: () => {
      const of = find();
      const picture = of && watcher.picture(of.pid);
      return drawMatrix({ target, lab: store.lab(path)?.lab, of, picture, isTrusted });
    },
    actions,
    find,
    isTrusted: () => isTrusted,
    report: error => bugs.push(error),
  });
  panel.tab.onDidChangeVisibility(() => panel.update());
  watcher.want('test', [runningLan().pid]);
  await settle();
});

const wish = (number: number, untagged: number) => {
  return { number, plug: number === 1 ? 'pc NIC 1' : 'pd NIC 1', untagged, tagged: [] };
};

/** The view is there when it asks for something. */
function ask(message: Parameters<typeof tab.say>[0]): void {
  tab.say({ type: 'ready' });
  tab.say(message);
}

async function change(way: ChangeWay, ...wishes: readonly ReturnType<typeof wish>[]): Promise<void> {
  ask({ type: 'change', way, wishes });
  for (let round = 0; round < 20; round += 1) await settle();
}

const said = (): readonly string[] =>
  tab.posted.flatMap(message =>
    message.type === 'done' ? message.words : message.type === 'refused' ? `refused: ${message.reason}` : [],
  );

describe('the panel of a VLAN matrix', () => {
  test('tells its view nothing before it is there, and nothing twice', () => {
    panel.update();
    const before = tab.posted.length;
    tab.say({ type: 'ready' });
    panel.update();

    expect([before, tab.ofType('matrix').length]).toEqual([0, 1]);
    expect(tab.ofType('matrix')[0]!.matrix.ports.map(port => port.live?.untagged)).toEqual([10, 10]);
  });

  test('tells all again to a view that was hidden, and follows the lab file', () => {
    tab.say({ type: 'ready' });
    tab.setVisible(false);
    store.setReading(path, readLab(begun.replace('vlan: 10', 'vlan: 20')));
    panel.update();
    const hidden = tab.ofType('matrix').length;
    tab.setVisible(true);
    tab.say({ type: 'ready' });

    expect(hidden).toBe(1);
    expect(tab.ofType('matrix').at(-1)!.matrix.ports[0]!.file?.untagged).toBe(20);
  });

  test('applies to the switch and leaves the file', async () => {
    await change('live', wish(2, 20));

    expect([lan.ports.get(2)?.vlan, text]).toEqual([20, begun]);
    expect(said()).toEqual(['Applied to switch lan.']);
    expect(tab.ofType('written')).toEqual([]);
  });

  test('writes into the file and leaves the switch', async () => {
    await change('file', wish(2, 20));

    expect(lan.ports.get(2)?.vlan).toBe(10);
    expect(text).toBe(
      begun.replace('pd: { id: 2, nics: [{ switch: lan, vlan: 10', 'pd: { id: 2, nics: [{ switch: lan, vlan: 20'),
    );
    expect(said()).toEqual(['Written into dmz.lab.yaml, which is not saved yet.']);
    expect(tab.ofType('written')).toHaveLength(1);
  });

  test('writes nothing that the switch refuses', async () => {
    await change('both', wish(2, 4094));

    expect(text).toBe(begun);
    expect(said()[0]).toMatch(/^refused: Switch lan: .*vlan\/create 4094/);
    expect(bugs).toEqual([]);
  });

  test('brings switch and file together, either way', async () => {
    await change('live', wish(1, 20));
    ask({ type: 'adopt' });
    for (let round = 0; round < 20; round += 1) await settle();
    expect(text).toBe(begun.replace('vlan: 10', 'vlan: 20'));

    await change('live', wish(2, 20));
    ask({ type: 'applyFile' });
    for (let round = 0; round < 20; round += 1) await settle();
    expect([lan.ports.get(1)?.vlan, lan.ports.get(2)?.vlan]).toEqual([20, 10]);
    expect(said().at(-1)).toBe('Switch lan is as its lab file says.');
  });

  test('does nothing in a workspace that is not trusted, and nothing to a switch that is gone', async () => {
    isTrusted = false;
    await change('both', wish(1, 20));
    isTrusted = true;
    store.setHost({ vms: [], switches: [], wires: [] });
    await change('live', wish(1, 20));

    expect(said()).toEqual([
      'refused: This workspace is not trusted, so nothing was changed.',
      'refused: Switch lan does not run any more, so nothing was changed.',
    ]);
    expect([lan.ports.get(1)?.vlan, text]).toEqual([10, begun]);
  });

  test('lets go of everything when its tab is closed', () => {
    let closings = 0;
    panel.tab.onClosed(() => (closings += 1));
    tab.closeByUser();
    panel.dispose();

    expect([closings, tab.listenerCount]).toEqual([1, 0]);
  });
});
