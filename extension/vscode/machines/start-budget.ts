import * as vscode from 'vscode';
import { shortages } from '../../runtime/budget/budget.ts';
import type { ThingRef } from '../../runtime/state.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';

/** Whether this host has what a start wants; if not, whether the user wants it all the same. */
export async function mayStart(
  services: Pick<Services, 'store' | 'doctor' | 'log' | 'look'>,
  things: readonly ThingRef[],
): Promise<boolean> {
  await services.look();
  const parts = { store: services.store, look: services.doctor.look };
  const lacks = await shortages(things, parts, setting('start.reserveMemory'));
  if (lacks.length === 0) return true;
  for (const line of lacks) services.log.warn(line);
  const start = 'Start Anyway';
  const options = { modal: true, detail: lacks.join('\n') };
  const answer = await vscode.window.showWarningMessage('This host has not enough for this start.', options, start);
  return answer === start;
}
