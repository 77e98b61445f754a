import type { Lab, Vm } from '../../lab/model.ts';
import type { HostLook, MovedVm, RunState } from '../state.ts';

/** What is seen of a VM that runs, here or on another host. */
interface SeenVm {
  readonly id?: number | undefined;
  readonly folder?: string;
}

interface Around {
  readonly lab: Lab | undefined;
  readonly seen: ReadonlyMap<string | undefined, SeenVm>;
  readonly moved: readonly MovedVm[] | undefined;
  /** By the names of other hosts. */
  readonly looks: ReadonlyMap<string, HostLook>;
}

/** The states of a lab's VMs: of those that run with what differs from the lab file, of others with where they went. */
export function placedVms(states: ReadonlyMap<string, RunState>, around: Around): ReadonlyMap<string, RunState> {
  const placed = (name: string, state: RunState): RunState => {
    if (state.kind === 'running') return { ...state, ...differences(name, around) };
    return state.kind === 'stopped' ? stateWhereItWent(name, around) : state;
  };
  return new Map([...states].map(([name, state]) => [name, placed(name, state)]));
}

function differences(name: string, { lab, seen }: Around): SeenVm {
  const { id, folder } = seen.get(name) ?? {};
  const isOther = id !== undefined && id !== lab?.vms.find(vm => vm.name === name)?.id;
  return { ...(isOther && { id }), ...(folder !== undefined && { folder }) };
}

function stateWhereItWent(name: string, { lab, moved = [], looks }: Around): RunState {
  const ssh = moved.find(one => one.name === name)?.ssh;
  if (ssh === undefined) return { kind: 'stopped' };
  const host = lab?.hosts?.find(one => one.ssh === ssh)?.name ?? ssh;
  const look = looks.get(host);
  // A host that was asked, and does not have it, knows better than what was written down here.
  return look?.kind === 'seen' ? { kind: 'stopped' } : (look ?? { kind: 'stopped', moved: host });
}

/** The ID that a VM runs with, else the one that the lab file gives it. */
export const idOfVm = ({ id }: Pick<Vm, 'id'>, state: RunState | undefined): number | undefined =>
  (state?.kind === 'running' ? state.id : undefined) ?? id;

/** The run-time folder of a VM that runs. `own`: that of its lab. */
export const folderOfVm = (state: RunState | undefined, own: string): string =>
  (state?.kind === 'running' ? state.folder : undefined) ?? own;
