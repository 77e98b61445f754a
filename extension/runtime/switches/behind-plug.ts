import { nicOfWire, vmFiles } from '../../lab/layout.ts';
import { readQemuProcess } from '../../qemu/process.ts';
import { readPlugProcess, readWireProcess } from '../../vde/process.ts';
import type { ProcessEntry, ProcessTable } from '../host.ts';

/**
 * Of a wire with a wirefilter the switch names one of the two plugs. What is meant is the wirefilter, which knows both
 * ends, or the VM whose NIC it leads to.
 */
export function behindPlug(plug: ProcessEntry | undefined, table: ProcessTable): ProcessEntry | undefined {
  const [end, other] = plug ? (readPlugProcess(plug.args)?.ends ?? []) : [];
  if (end === undefined || other !== undefined) return plug;
  const filter = table.list(['wirefilter']).find(({ args }) => readWireProcess(args)?.ends.includes(end) === true);
  return filter ? (vmBehind(filter, table) ?? filter) : plug;
}

function vmBehind(filter: ProcessEntry, table: ProcessTable): ProcessEntry | undefined {
  const [, folder = '', wire = ''] =
    /^(.*\/)wire-([^/]+)\.pid$/.exec(readWireProcess(filter.args)?.pidFile ?? '') ?? [];
  const owner = nicOfWire(wire);
  if (!owner) return undefined;
  const pidFile = folder + vmFiles(owner.vm).pid;
  return table
    .list(['qemu-system-*', 'qemu-kvm', 'kvm'])
    .find(({ args }) => readQemuProcess(args)?.pidFile === pidFile);
}
