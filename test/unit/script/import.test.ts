import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layered } from '../../../extension/lab/defaults.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { hasErrors } from '../../../extension/lab/reading/report.ts';
import { importCommand } from '../../../extension/script/import/import-command.ts';
import { planVm, type ImportedVm } from '../../../extension/script/import/import-vm.ts';
import { labWithVm } from '../../../extension/script/import/new-lab-text.ts';
import { findQemuCommands } from '../../../extension/script/import/read-script.ts';
import { quote } from '../../../extension/script/quote.ts';
import { vmArguments } from '../../../extension/script/vm-steps.ts';
import { bigLab, randomLab } from '../../support/lab-generator.ts';
import { nic, vm } from '../../support/lab-builder.ts';

const paths = {
  inLab: (path: string): string => path,
  absolute: (path: string): string => (path.startsWith('/') ? path : `/work/${path}`),
};

function imported(text: string, usedIds: readonly number[] = []): ImportedVm {
  const [found] = findQemuCommands(text);
  const { sources: defaultSources } = layered([]);
  return planVm(importCommand(found!.args, paths), { lab: undefined, defaultSources, usedIds, name: 'vm' });
}

const notes = ({ notes: all }: ImportedVm, kind: string): readonly string[] =>
  all.filter(note => note.kind === kind).map(({ words, text }) => [...words, text].join(' '));

describe('a command line of QEMU as a VM', () => {
  test('what a lab has keys for gets there', () => {
    const line =
      'sudo qemu-system-x86_64 -name fw -enable-kvm -cpu host -m 2G -smp cpus=4 -nodefaults -display none ' +
      '-drive file=fw.qcow2,if=virtio,format=qcow2 -drive file=/d/raw.bin,if=none,id=d2,format=raw ' +
      '-device virtio-blk-pci,drive=d2 -cdrom install.iso -boot dc -kernel vmlinuz -append "console=ttyS0 quiet" ' +
      '-netdev vde,id=n1,sock=/run/vde/lan -device e1000,netdev=n1,mac=52:54:00:00:1F:01 ' +
      '-serial telnet::10031,server,nowait -monitor telnet:127.0.0.1:20031,server,nowait -daemonize';

    const result = imported(line);

    expect(result).toMatchObject({
      name: 'fw',
      vm: {
        ...{ id: 31, memory: '2G', cpus: 4, accel: 'kvm', disks: ['fw.qcow2', { file: '/d/raw.bin', format: 'raw' }] },
        ...{ cdrom: 'install.iso', boot: ['cdrom', 'disk'], kernel: 'vmlinuz', append: 'console=ttyS0 quiet' },
        nics: [{ switch: 'lan', model: 'e1000' }],
      },
      switches: { lan: {} },
    });
    expect(Object.keys(result.vm)).not.toContain('extra');
    expect(notes(result, 'lost')).toEqual([]);
    expect(hasErrors(readLab(labWithVm(result)).problems)).toBe(false);
  });

  test.each([
    ['-m 512', { memory: '512M' }],
    ['-m 1T', { memory: '1024G' }],
    ['-m 2097152k', { memory: '2048M' }],
    ['-m size=1G,slots=2,maxmem=4G', { memory: '1G', extra: ['-m', 'slots=2,maxmem=4G'] }],
    ['', { memory: '128M' }],
    ['-smp sockets=1,cores=2,threads=2', { cpus: 4, extra: ['-smp', 'sockets=1,cores=2,threads=2'] }],
    ['-machine q35,accel=kvm:tcg', { extra: ['-machine', 'q35'] }],
    ['-M pc -accel tcg', { accel: 'tcg' }],
    ['-cpu qemu64', { extra: ['-cpu', 'qemu64'] }],
    ['-hda disk.img', { extra: ['-hda', '/work/disk.img'] }],
    ['disk.img', { extra: ['-hda', '/work/disk.img'] }],
    ['-drive file=a.qcow2', { extra: ['-drive', 'file=/work/a.qcow2'] }],
    ['-drive file=a,,b.img,if=virtio', { disks: ['a,b.img'] }],
    ['-drive file=a.img,if=virtio,cache=none', { extra: ['-drive', 'file=/work/a.img,if=virtio,cache=none'] }],
    ['-drive file=nbd://h/x,if=virtio', { extra: ['-drive', 'file=nbd://h/x,if=virtio'] }],
    ['-boot menu=on,order=n', { boot: ['network'], extra: ['-boot', 'menu=on'] }],
    ['-device virtio-rng-pci -S', { extra: ['-device', 'virtio-rng-pci', '-S'] }],
    [
      '-chardev socket,id=x,path=/x -device virtio-serial',
      { extra: ['-chardev', 'socket,id=x,path=/x', '-device', 'virtio-serial'] },
    ],
    ['-serial null -serial file:x', { extra: ['-serial', 'file:x'] }],
    ['-vnc :5 -vga qxl', { vnc: true, extra: ['-vga', 'qxl'] }],
  ])('%s', (options, expected) => {
    const { vm: made } = imported(`qemu-system-x86_64 -nodefaults -display none ${options}`);

    expect(made).toMatchObject(expected);
    if (!('extra' in expected)) expect(made).not.toHaveProperty('extra');
  });

  test.each([
    ['-nic user,hostfwd=tcp::2222-:22', { inet: { slirp: { forward: ['tcp 127.0.0.1:2222 10.0.2.15:22'] } } }, 'e1000'],
    [
      '-netdev user,id=u,net=10.9.0.0/24 -device virtio-net,netdev=u',
      { inet: { network: '10.9.0.0/24', slirp: true } },
      undefined,
    ],
    ['-net nic,model=rtl8139 -net "vde,sock=/tmp/sw[3]"', { sw: {} }, 'rtl8139'],
    ['-netdev tap,id=t,ifname=tap0,script=no -device virtio-net-pci,netdev=t', { tap0: {} }, undefined],
    ['-nic socket,model=virtio,mcast=230.0.0.1:1234', { net: {} }, undefined],
    ['', { inet: { slirp: true } }, 'e1000'],
  ])('networks: %s', (options, switches, model) => {
    const result = imported(`qemu-system-x86_64 -display none ${options}`);

    expect(result.switches).toEqual(switches);
    expect(result.vm['nics']).toMatchObject([model === undefined ? {} : { model }]);
    expect(hasErrors(readLab(labWithVm(result)).problems)).toBe(false);
  });

  test('says what it could not carry over, and where it listens less than before', () => {
    const result = imported('kvm -m $MEM -nic user,hostfwd=tcp::2222-:22 -device usb-net,netdev=none', [1]);

    expect(result.vm).toMatchObject({ id: 2, memory: '128M', accel: 'kvm', vnc: true });
    expect(notes(result, 'lost').join('\n')).toMatch(/-m \$MEM only a shell can tell/);
    expect(notes(result, 'lost').join('\n')).toMatch(/tcp::2222-:22 listened on all addresses/);
    expect(notes(result, 'lost').join('\n')).toMatch(/usb-net,netdev=none a NIC that is plugged into nothing/);
  });

  test('names and IDs that are taken are given anew', () => {
    const lab = readLab('switches: { inet: { slirp: true } }\nvms: { FW: { id: 31 } }').lab!;
    const draft = importCommand(['kvm', '-name', 'fw', '-nic', 'user', '-serial', 'tcp::10031,server=on'], paths);

    const result = planVm(draft, { lab, defaultSources: lab.defaultSources!, usedIds: [31], name: 'vm' });

    expect(result).toMatchObject({ name: 'fw-2', vm: { id: 32, nics: [{ switch: 'inet' }] }, switches: {} });
  });
});

describe('a script with a command line of QEMU', () => {
  const script = `#!/bin/bash
# my firewall
RAM=1G
DIR="/vm s"
OPTS="-nodefaults -display none"
declare NOTHING
if [ -n "$BIG" ]; then RAM=8G; fi
NICS=(-netdev vde,id=a,sock=/run/lan)
NICS+=(-device virtio-net-pci,netdev=a)
MEM=512M
echo starting qemu-system-x86_64
exec qemu-system-x86_64 $OPTS \\
  -m $MEM \\
  -smp "$RAM" \\
  -drive "file=$DIR/x.img,if=virtio" "\${NICS[@]}" \\
  -uuid $(uuidgen)  # new each time
`;

  test('is read with its plain variables, without being run', () => {
    const result = imported(script.replaceAll('\n', '\r\n'));

    expect(result.vm).toMatchObject({ memory: '512M', disks: ['/vm s/x.img'], nics: [{ switch: 'lan' }] });
    expect(notes(result, 'lost')).toEqual([
      '-smp "$RAM" only a shell can tell what this is; nothing was run to find out',
      '-uuid $(uuidgen) only a shell can tell what this is; nothing was run to find out',
    ]);
    expect(findQemuCommands(script).map(({ line }) => line)).toEqual([12]);
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'kvm',
            ' ',
            '-m',
            '$(',
            ')',
            '"',
            "'",
            '\n',
            '-netdev',
            'x=',
            '{',
            '${A[@]}',
            'A=(',
            '-drive',
            ',',
          ),
        ),
        pieces => {
          for (const { args } of findQemuCommands(pieces.join(''))) importCommand(args, paths);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('our own command lines come back as the VMs that they were made from', () => {
  const around = {
    run: '/run/dmz',
    labFolder: '/labs',
    home: '/home/me',
    accel: 'tcg',
    guestFolder: '/guest',
  } as const;

  /** The arguments of the VM that the arguments were imported as. */
  function again(args: readonly string[]): readonly string[] {
    const result = imported(args.map(quote).join(' '));
    const { lab, problems } = readLab(labWithVm(result));
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(notes(result, 'lost')).toEqual([]);
    const [only] = lab!.vms;
    return vmArguments(only!, only!.id!, around);
  }

  test('labs of any shape', () => {
    fc.assert(
      fc.property(randomLab, ({ text }) => {
        for (const one of readLab(text).lab!.vms) {
          if (one.id === undefined) continue;
          const plain = { ...one, extra: one.extra.length > 0 ? ['-device', 'virtio-rng-pci', '-S'] : [] };
          const args = vmArguments(plain, one.id, around);

          expect(again(args)).toEqual(args);
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [
      'everything',
      vm('fw', 31, {
        ...{
          memory: '512M',
          cpus: 3,
          cdrom: '/iso/x,y.iso',
          boot: ['network', 'disk'],
          vnc: true,
          kernel: '/k',
          initrd: '/i',
        },
        disks: [
          { file: '/a b.img', format: 'qcow2', size: undefined },
          { file: '/c.raw', format: 'raw', size: undefined },
        ],
        ...{
          append: 'a=b c',
          nics: [nic(1, 'lan'), nic(2, 'dmz', { model: 'pcnet', mac: '02:00:00:00:00:01' }), nic(3, 'lan')],
        },
      }),
    ],
    ['nothing', vm('pc', 9999)],
    ['the tiny guest', readLab(bigLab(3, 2)).lab!.vms[2]!],
  ])('%s', (_, one) => {
    const args = vmArguments(one, one.id!, around);

    expect(again(args)).toEqual(args);
  });
});
