import { listOf, member, textOf } from './json-value.ts';
import type { QmpQuery } from './qmp.ts';

const done = (): void => undefined;

/**
 * Has QEMU write every frame of a NIC, both ways, into a pcap file: whole records, each flushed, as QEMU's own user. A
 * plain file, never a FIFO: QEMU would wait for whoever reads slowly, and its guest with it.
 */
export const startDump = (id: string, netdev: string, file: string): QmpQuery<void> => ({
  execute: 'object-add',
  args: { 'qom-type': 'filter-dump', id, netdev, file, maxlen: 65_536 },
  read: done,
});

export const stopDump = (id: string): QmpQuery<void> => ({ execute: 'object-del', args: { id }, read: done });

/** IDs of the objects of this VM that write NICs into files. */
export const queryDumps: QmpQuery<readonly string[]> = {
  execute: 'qom-list',
  args: { path: '/objects' },
  read: value =>
    listOf(value).flatMap(entry => {
      const isDump = textOf(member(entry, 'type')) === 'child<filter-dump>';
      return isDump ? (textOf(member(entry, 'name')) ?? []) : [];
    }),
};

/** Into which file. */
export const queryDumpFile = (id: string): QmpQuery<string> => ({
  execute: 'qom-get',
  args: { path: `/objects/${id}`, property: 'file' },
  read: value => textOf(value) ?? '',
});
