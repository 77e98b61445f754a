import { describe, expect, test } from 'vitest';
import type { RunningVm } from '../../../extension/runtime/state.ts';
import { chooseSwitch, chooseVm } from '../../../extension/runtime/switches/switch-choice.ts';
import { runningLan } from '../../support/switch-pictures.ts';

const stranger = runningLan({ pid: 99, lab: undefined, socket: '/srv/lan', management: undefined });
const vmOf = (pid: number, lab: string | undefined) => ({ pid, name: 'fw', lab }) as RunningVm;

describe('the switch or VM that a name means', () => {
  test('is that of a lab before any other of the same name', () => {
    const lan = runningLan();

    expect(chooseSwitch('lan', [stranger, lan])).toBe(lan);
    expect(chooseVm('fw', [vmOf(7, undefined), vmOf(8, 'dmz')]).pid).toBe(8);
  });

  test('is any other one by its path or pid', () => {
    expect(chooseSwitch('/srv/lan', [stranger, runningLan()])).toBe(stranger);
    expect(chooseVm('7', [vmOf(7, undefined), vmOf(8, 'dmz')]).pid).toBe(7);
  });

  test('has to be said where two are meant', () => {
    const two = [runningLan(), runningLan({ pid: 22, lab: 'other' })];

    expect(() => chooseSwitch('lan', two)).toThrow('Which switch lan? There are dmz/lan, other/lan.');
    expect(chooseSwitch('other/lan', two).pid).toBe(22);
  });
});
