import type { Group, Lab, Nic, Wire } from '../model.ts';
import { didYouMean, shown } from '../names.ts';
import type { Scope } from '../reading/read-keys.ts';
import type { Report } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';
import type { TextSpan } from '../text-span.ts';

/** Names that point at something: NICs and wires at switches, groups at VMs. */
export function checkReferences(lab: Lab, scope: Scope): void {
  const switches = new KnownNames(
    'switch',
    'switches',
    lab.switches.map(one => one.name),
    scope,
  );
  const vms = new KnownNames(
    'VM',
    'vms',
    lab.vms.map(vm => vm.name),
    scope,
  );
  for (const vm of lab.vms) for (const nic of vm.nics) checkNic(nic, switches);
  for (const wire of lab.wires) checkWire(wire, switches, scope.report);
  checkPins(lab, scope.report);
  const groupOf = new Map<string, string>();
  for (const group of lab.groups) checkGroup(group, vms, groupOf, scope.report);
}

class KnownNames {
  private readonly names: ReadonlySet<string>;
  private readonly word: 'switch' | 'VM';
  private readonly key: string;
  private readonly scope: Scope;

  constructor(word: 'switch' | 'VM', key: string, names: readonly string[], scope: Scope) {
    this.names = new Set(names);
    this.word = word;
    this.key = key;
    this.scope = scope;
  }

  check(name: string, span: TextSpan): void {
    if (this.names.has(name)) return;
    const hint = didYouMean(this.scope.nearest.find(name, this.names)) || ` Add it under "${this.key}:".`;
    const code = this.word === 'VM' ? 'unknown-vm' : 'unknown-switch';
    this.scope.report(code, span, `There is no ${this.word} "${shown(name)}" in this lab.${hint}`);
  }
}

/** A pin of what is not drawn does no harm, but is no use. */
function checkPins({ pins, vms, switches, wires }: Lab, report: Report): void {
  if (pins.length === 0) return;
  const drawn = new Set([
    ...vms.map(({ name }) => name),
    ...wires.filter(({ ends }) => ends[1].outside).map(({ name }) => `${name}/outside`),
    ...switches.flatMap(({ name, tap, slirp }) => [
      ...(tap ? [`${name}/tap`] : []),
      ...(slirp ? [`${name}/uplink`] : []),
    ]),
  ]);
  for (const { name, nameSpan } of pins) {
    if (drawn.has(name)) continue;
    const message = `There is no "${shown(name)}" in the picture of this lab. Remove its pin.`;
    report('unknown-vm', nameSpan, message, 'warning');
  }
}

function checkNic(nic: Nic, switches: KnownNames): void {
  // A NIC without a switch has been reported by the reader.
  if (nic.switch !== '') switches.check(nic.switch, valueSpan(nic, 'switch'));
}

function checkWire(wire: Wire, switches: KnownNames, report: Report): void {
  const [from, to] = wire.ends;
  switches.check(from.switch, valueSpan(wire, 'between', 0));
  if (to.outside) return;
  if (from.switch !== to.switch) switches.check(to.switch, valueSpan(wire, 'between', 1));
  else {
    const message = `This wire joins switch ${shown(to.switch)} with itself, which is a loop. Name two switches.`;
    report('wire-loop', valueSpan(wire, 'between', 1), message);
  }
}

function checkGroup(group: Group, vms: KnownNames, groupOf: Map<string, string>, report: Report): void {
  group.vms.forEach((name, index) => {
    const span = valueSpan(group, 'vms', index);
    vms.check(name, span);
    const other = groupOf.get(name);
    if (other === undefined) groupOf.set(name, group.name);
    else {
      const message = `VM ${shown(name)} is in group "${shown(other)}" already. A VM is in one group: remove it here or there.`;
      report('group-double', span, message);
    }
  });
}
