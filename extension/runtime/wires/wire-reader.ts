import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { WireFaults, WireState } from '../../lab/wire-faults.ts';
import { readEdges, readShowinfo, type WireInfo } from '../../vde/wirefilter.ts';
import type { ManagementDialer } from '../host.ts';

/** More states than anybody draws; what has more is no wirefilter of ours. */
const mostStates = 1000;

export interface AskedWire {
  readonly faults: WireFaults;
  /** The name of the state that it is in; undefined: it has only one. */
  readonly state: string | undefined;
}

/** Asks a wirefilter for all that is wrong with its wire. Rejects with a UserError if it does not answer. */
export async function askWire(dialer: ManagementDialer, socket: string, signal?: CancelSignal): Promise<AskedWire> {
  const [text = ''] = await dialer.ask(socket, ['showinfo'], signal);
  const now = infoOf(text, socket);
  const { there, back, reorder } = now;
  if (!now.state) return { faults: { there, back, reorder, chain: undefined }, state: undefined };
  const { count, everyMs, name, index } = now.state;
  const states: WireState[] = [];
  for (let at = 0; at < Math.min(count, mostStates); at += 1) {
    const [info = '', edges = ''] = await dialer.ask(socket, [`showinfo ${at}`, `showedges ${at}`], signal);
    const told = infoOf(info, socket);
    const called = told.state?.name === '' || !told.state ? `state ${at}` : told.state.name;
    states.push({ name: called, there: told.there, back: told.back, to: readEdges(edges) });
  }
  const [first] = states;
  const faults = { there: first?.there ?? there, back: first?.back ?? back, reorder, chain: { everyMs, states } };
  return { faults, state: name === '' ? `state ${index}` : name };
}

function infoOf(text: string, socket: string): WireInfo {
  const info = readShowinfo(text);
  if (!info) throw new UserError(`What answers on ${socket} is no wirefilter.`);
  return info;
}
