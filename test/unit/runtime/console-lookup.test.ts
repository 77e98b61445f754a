import { describe, expect, test } from 'vitest';
import { consoleOfRow, consoleOfVm } from '../../../extension/runtime/console/console-lookup.ts';
import { hostTree } from '../../../extension/runtime/views/host-tree.ts';
import { lab, snapshotOf, vm } from '../../support/lab-builder.ts';

const labs = [snapshotOf(lab({ vms: [vm('fw', 31), vm('new', undefined)] }))];
const thing = (name: string) => ({ lab: '/labs/dmz.lab.yaml', kind: 'vm', name }) as const;
const runDir = (name: string): string => `/run/${name}`;

describe('the console of a VM', () => {
  test('is at the port that follows from its ID, with the log of its serial port', () => {
    expect(consoleOfVm(thing('fw'), 'serial', labs, runDir)).toEqual({
      lab: '/labs/dmz.lab.yaml',
      vm: 'fw',
      kind: 'serial',
      port: 10031,
      logPath: '/run/dmz/fw.console.log',
    });
    expect(consoleOfVm(thing('fw'), 'monitor', labs, runDir)).toEqual({
      lab: '/labs/dmz.lab.yaml',
      vm: 'fw',
      kind: 'monitor',
      port: 20031,
    });
  });

  test('is unknown without an ID, and for a VM that the lab does not have', () => {
    expect(['new', 'gone'].map(name => consoleOfVm(thing(name), 'serial', labs, runDir))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('of no lab is at the port that its process has', () => {
    const running = { pid: 1, startTicks: 1, uid: 0, name: 'win', id: undefined, memory: undefined };
    const ports = { serialPort: 4555, monitorPort: 4556, displayPort: undefined, pidFile: undefined, lab: undefined };
    const [folder] = hostTree({ vms: [{ ...running, ...ports }], switches: [], wires: [] }, [], () => undefined);
    const row = folder!.children[0]!;

    expect([consoleOfRow(row, 'serial')?.port, consoleOfRow(row, 'monitor')?.port]).toEqual([4555, 4556]);
    expect(consoleOfRow(row, 'serial')?.vm).toBe('win');
    expect(consoleOfRow(row.children[1]!, 'serial')).toBeUndefined();
  });
});
