import { displayPort, monitorPort, serialPort } from '../lab/networks/addressing.ts';
import type { Lab, Nic, Vm } from '../lab/model.ts';
import type { TextSpan } from '../lab/text-span.ts';

/** A few words behind a place of a lab file: what follows from it and is not written there. */
export interface LabHint {
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
}

/** Console ports behind IDs; MAC and VDE port behind NICs. Only of what lies in the range. */
export function labHints({ vms }: Lab, range: TextSpan): readonly LabHint[] {
  const isSeen = ({ offset }: LabHint): boolean => range.start <= offset && offset <= range.end;
  return vms.flatMap(vm => [...portHints(vm), ...nicHints(vm)]).filter(isSeen);
}

/** Of a row of VMs, which has one entry, the first one stands there; what lies in other files has no hints. */
const isShown = ({ span, origin }: Vm): boolean => span.file === undefined && (origin?.row?.number ?? 1) === 1;

/** NICs of a template belong to many VMs. */
const nicHints = (vm: Vm): readonly LabHint[] =>
  isShown(vm) && vm.origin?.template?.keys.includes('nics') !== true ? vm.nics.flatMap(nic => nicHint(nic, vm)) : [];

const rowWords = ({ name, origin }: Vm): string => (origin?.row ? `${name}: ` : '');

function portHints(vm: Vm): readonly LabHint[] {
  const { id, vnc, spans } = vm;
  const place = spans?.['id'];
  if (id === undefined || !place || !isShown(vm)) return [];
  const ports = [`serial ${serialPort(id)}`, `monitor ${monitorPort(id)}`, ...(vnc ? [`VNC ${displayPort(id)}`] : [])];
  const tooltip = 'Ports of localhost on which this VM’s consoles are, while it runs. They follow from its ID.';
  return [{ offset: place.end, text: rowWords(vm) + ports.join(' · '), tooltip }];
}

function nicHint({ mac, port, number, span, spans }: Nic, vm: Vm): readonly LabHint[] {
  const made = [
    ...(mac === undefined || spans?.['mac'] ? [] : [mac]),
    ...(port === undefined || spans?.['port'] ? [] : [`port ${port}`]),
  ];
  if (made.length === 0) return [];
  const tooltip = `MAC of NIC ${number}, and the port of the switch that it plugs into.`;
  return [{ offset: span.end, text: rowWords(vm) + made.join(' · '), tooltip }];
}
