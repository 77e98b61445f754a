import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { keyWords, parseKeys, usualCombinations } from '../../qemu/key-combination.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { vmsOf } from '../../runtime/views/thing-list.ts';
import type { VmActions } from '../../runtime/vms/vm-actions.ts';
import type { ForceArguments, TargetArguments } from '../commands.ts';
import { pickLine, type LineItem } from '../pick-line.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';

const shownMs = 6000;

type Order = (actions: VmActions, thing: ThingRef) => Promise<string>;

/** Gives an order to all VMs that were clicked or picked; one line says what went well, one error what did not. */
export async function orderVms(services: Services, title: string, order: Order, args: TargetArguments): Promise<void> {
  const things = await runningVms(services, title, args);
  const results = await Promise.allSettled(things.map(thing => order(services.machines.actions, thing)));
  const done = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
  for (const line of done) services.log.info(line);
  if (done.length > 0) vscode.window.setStatusBarMessage(`KVM Lab: ${done.join(' ')}`, shownMs);
  const failed = results.flatMap(result => (result.status === 'rejected' ? [errorOf(result.reason)] : []));
  // What is a bug is told as one; the button of a single failure stays.
  const first = failed.find(error => !(error instanceof UserError)) ?? failed[0];
  if (failed.length > 1 && first instanceof UserError) throw new UserError(failed.map(one => one.message).join(' '));
  if (first) throw first;
}

const errorOf = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** Called by its own button, the second argument says that a locked tray is to be opened by force. */
export function ejectCd(services: Services, [clicked, second]: ForceArguments): Promise<void> {
  const isForced = second === true;
  const order: Order = (actions, thing) => actions.ejectCd(thing, isForced);
  return orderVms(services, 'Eject the CD of which VM?', order, isForced ? [clicked] : [clicked, second]);
}

export async function sendKeys(services: Services, args: TargetArguments): Promise<void> {
  const things = await runningVms(services, 'Send keys to which VM?', args);
  if (things.length === 0) return;
  const names = things.map(thing => thing.name).join(', ');
  const keys = await pickLine(
    {
      title: `Keys for ${names}`,
      placeholder: 'Pick a combination, or type one: ctrl-alt-f3',
      items: typed => [...typedKeys(typed), ...usualKeys],
    },
    Promise.resolve(),
  );
  if (keys === undefined) return;
  const [first] = things;
  await orderVms(services, '', (actions, thing) => actions.sendKeys(thing, keys), [first, things]);
}

const usualKeys = usualCombinations.map(({ keys, use }): LineItem => {
  return { label: keyWords(parseKeys(keys)), description: keys, detail: use, line: keys, isWhole: true };
});

/** What is being typed, as soon as it is a combination; before that, why it is none. */
function typedKeys(typed: string): readonly LineItem[] {
  if (typed.trim() === '') return [];
  const common = { line: typed, alwaysShow: true };
  try {
    return [{ ...common, label: keyWords(parseKeys(typed)), description: 'send these keys', isWhole: true }];
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    return [{ ...common, label: typed, description: 'not yet a key combination', detail, isWhole: false }];
  }
}

/** The VMs that were clicked; without that the user is asked which of those that run. */
export async function runningVms(
  services: Services,
  title: string,
  args: TargetArguments,
  canPickMany = true,
): Promise<readonly ThingRef[]> {
  const isRunning = (thing: ThingRef): boolean => services.store.stateOf(thing).kind === 'running';
  const list = () => vmsOf(services.store.labs).filter(one => isRunning(one.thing));
  const things = await thingsOrPick(services, args, { title, list, canPickMany });
  return things.filter(thing => thing.kind === 'vm').slice(0, canPickMany ? things.length : 1);
}
