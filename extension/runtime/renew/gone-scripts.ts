import type { HostSnapshot } from '../state.ts';
import type { GoneScript, RenewPlan } from './renew-plan.ts';

/** Scripts of what left the lab file and does not run: what runs is stopped by its script. */
export function removableScripts({ gone, lab }: RenewPlan, host: HostSnapshot): readonly GoneScript[] {
  const { vms, switches, wires } = host;
  const running = [...vms, ...switches, ...wires].filter(one => one.lab === lab.name).map(({ name }) => name);
  return gone.filter(({ name }) => !running.includes(name.replace(/^(switch|wire)-|\.sh$/g, '')));
}
