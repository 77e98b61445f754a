import { expect, test } from 'vitest';
import { readVmCommand } from '../../../extension/script/vm-command.ts';
import { vmArguments } from '../../../extension/script/vm-steps.ts';
import { nic, vm } from '../../support/lab-builder.ts';

const around = { run: '/run/dmz', labFolder: '/labs', home: '/home/me', accel: 'tcg', guestFolder: '/guest' } as const;

test('what a script put on the command line of a VM is read back, and what the user added is told from it', () => {
  const extra = ['-m', '1G', '-device', 'e1000,netdev=x', '-S'];
  const full = vm('fw', 31, {
    memory: '512M',
    cpus: 2,
    disks: [{ file: 'a,b.qcow2', format: 'qcow2', size: undefined }],
    cdrom: '/iso/x.iso',
    boot: ['cdrom', 'disk'],
    kernel: 'vmlinuz',
    append: 'quiet name=fw',
    vnc: true,
    ready: { signs: [{ kind: 'agent' }], withinMs: 60_000 },
    extra,
    nics: [nic(1, 'lan'), nic(2, 'dmz', { model: 'e1000' })],
  });

  expect(readVmCommand(vmArguments(full, 31, around))).toEqual({
    memory: '512M',
    cpus: '2',
    accel: 'tcg',
    serialPort: '10031',
    disks: ['/labs/a,b.qcow2'],
    cdrom: '/iso/x.iso',
    kernel: '/labs/vmlinuz',
    initrd: undefined,
    append: 'quiet name=fw',
    boot: 'dc',
    hasDisplay: true,
    hasAgent: true,
    extra,
  });
});

test('a VM with nothing of its own has nothing', () => {
  expect(readVmCommand(vmArguments(vm('pc', 1), 1, around))).toMatchObject({
    ...{
      disks: [],
      cdrom: undefined,
      kernel: undefined,
      boot: undefined,
      hasDisplay: false,
      hasAgent: false,
      extra: [],
    },
  });
});
