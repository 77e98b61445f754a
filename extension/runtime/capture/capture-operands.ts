import type { LabSnapshot, RunState } from '../state.ts';
import { readOperand } from './capture-target.ts';

/**
 * What `kvmlab capture` needs for `vm:dmz/web:1` beside that: of what runs on another host its lab file, as only that says
 * how to get there, and the host.
 */
export function captureOperands(operand: string, labs: readonly LabSnapshot[]): readonly string[] {
  const { kind = 'vm', name } = readOperand(operand);
  for (const { path, lab, vms, switches, wires } of labs) {
    const own = lab && name.startsWith(`${lab.name}/`) ? name.slice(lab.name.length + 1) : undefined;
    const states: Record<typeof kind, ReadonlyMap<string, RunState>> = { vm: vms, switch: switches, wire: wires };
    const state = own === undefined ? undefined : states[kind].get(own);
    if (state?.kind === 'running' && state.far) return [path, operand, '--host', state.far.host];
  }
  return [operand];
}
