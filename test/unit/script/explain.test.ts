import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLab, type ReadOptions } from '../../../extension/lab/reading/reader.ts';
import { explainVm } from '../../../extension/script/explain.ts';
import { vmArguments } from '../../../extension/script/vm-steps.ts';
import { randomLab } from '../../support/lab-generator.ts';

const text = `defaults: { cpus: 2 }
switches: { lan: {} }
vms:
  fw:
    id: 31
    memory: 512M
    disks: [{ file: fw.qcow2, size: 4G }]
    extra: [-device, virtio-rng-pci]
    nics:
      - { switch: lan, address: 10.0.0.1/24, model: e1000 }
      - { switch: lan, mac: '52:54:00:00:00:07', vlan: 10 }
`;

const explain = (source = text, options: ReadOptions = {}, vm = 'fw') => {
  const settings = explainVm(readLab(source, options).lab!, vm);
  return {
    settings,
    one: (key: string) => settings.find(setting => setting.key === key),
    origins: Object.fromEntries(settings.map(({ key, value, origin }) => [key ?? '', `${value}, ${origin}`])),
  };
};

describe('explaining a VM', () => {
  test('each value says where it is from', () => {
    const kvmscript = { values: { vnc: true, cpus: 8 }, sources: { vnc: { kind: 'kvmscript', line: 3 } } } as const;
    const settings = {
      values: { accel: 'tcg' },
      sources: { accel: { kind: 'setting', name: 'kvmlab.defaults.accel' } },
    } as const;

    const { origins } = explain(text, { defaults: [settings, kvmscript] });

    expect(origins).toMatchObject({
      id: '31, from its entry in the lab file',
      memory: '512M, from its entry in the lab file',
      cpus: '2, from defaults: of the lab file',
      accel: 'tcg, from the setting kvmlab.defaults.accel',
      vnc: 'true, from ~/.kvmscript line 3',
      'mac-prefix': '52:54:00, built in',
      'nics.1.model': 'e1000, from its entry in the lab file',
      'nics.1.mac': '52:54:00:00:1f:01, follows from the ID, mac-prefix and the number of the NIC',
      'nics.2.model': 'virtio, built in',
      'nics.2.mac': '52:54:00:00:00:07, from its entry in the lab file',
      'nics.2.vlan': '10, from its entry in the lab file',
    });
  });

  test('a bad wire says what is wrong with it, and where QEMU waits for its wirefilter', () => {
    const { one } = explain(text.replace('model: e1000', 'wire: { delay: 20ms, there: { loss: 1% } }'));

    expect(one('nics.1.wire')).toMatchObject({
      value: 'fw → lan: 20 ms, 1 % loss; lan → fw: 20 ms',
      origin: 'from its entry in the lab file',
      options: [{ words: ['-netdev', 'vde,id=vde1,sock=multi://$run/wire-fw+1'] }],
    });
    expect(one('nics.2.wire')).toBeUndefined();
  });

  test('what a VM has from a template or an included file is said to be from there', () => {
    const lab = 'include: common.yaml\nvms:\n  web: { id: 1, count: 2, extends: small, cpus: 3 }\n';
    const common = `defaults: { accel: tcg }
templates: { small: { cpus: 2, memory: 64M, disks: [a.qcow2], nics: [{ switch: lan, model: e1000 }] } }
switches: { lan: {} }
`;
    const included = [{ name: 'common.yaml', path: '/work/common.yaml', text: common }];

    const { origins, one } = explain(lab, { included }, 'web-2');

    expect(origins).toMatchObject({
      accel: 'tcg, from defaults: of common.yaml',
      cpus: '3, from its entry in the lab file',
      memory: '64M, from template small in common.yaml',
      'disks.1': 'a.qcow2, qcow2, from template small in common.yaml',
      'nics.1.model': 'e1000, from template small in common.yaml',
    });
    expect(one('memory')?.sourceSpan).toMatchObject({ file: '/work/common.yaml' });
    expect(explain('templates: { t: { cpus: 2 } }\nvms: { fw: { id: 1, extends: t } }').origins['cpus']).toBe(
      '2, from template t',
    );
  });

  test('each value that stands in the lab file has its place there', () => {
    const { one } = explain();
    const at = (key: string): string | undefined => {
      const span = one(key)?.sourceSpan;
      return span && text.slice(span.start, span.end);
    };

    expect(['memory', 'cpus', 'nics.1.address', 'nics.2.mac', 'vnc'].map(at)).toEqual([
      '512M',
      '2',
      '10.0.0.1/24',
      "'52:54:00:00:00:07'",
      undefined,
    ]);
    expect(at('disks.1')).toBe('fw.qcow2');
  });

  test('each value says what becomes of it', () => {
    const { one } = explain();
    const words = (key: string) => one(key)?.options.map(option => option.words.join(' '));

    expect(words('memory')).toEqual(['-m 512M']);
    expect(words('cpus')).toEqual(['-smp 2']);
    expect(words('disks.1')).toEqual(['-drive file=$lab/fw.qcow2,if=virtio,id=disk1,format=qcow2']);
    expect(words('nics.1.switch')).toEqual([
      '-netdev hubport,id=nic1,hubid=1',
      '-netdev vde,id=vde1,sock=$run/switch-lan,port=1',
      '-netdev hubport,id=plug1,hubid=1,netdev=vde1',
    ]);
    expect(words('nics.2.mac')).toEqual(['-device virtio-net-pci,netdev=nic2,id=card2,mac=52:54:00:00:00:07,romfile=']);
    expect(words('vnc')).toEqual(['-machine pc,graphics=off']);
    expect(words('extra')).toEqual(['-device virtio-rng-pci']);
    expect(one('memory')?.options[0]?.meaning).toBe('The memory of the guest.');
  });

  test.each([
    ['auto', undefined, ['-accel $accel', '-cpu $cpu'], 'kvm where a test boot has shown'],
    ['auto', 'tcg', ['-accel tcg', '-cpu max'], 'kvm where a test boot has shown'],
    ['kvm', undefined, ['-accel kvm', '-cpu host'], 'by the processors of this computer'],
    ['tcg', undefined, ['-accel tcg', '-cpu max'], 'by software emulation'],
  ] as const)('accel: %s, where the start has found %s', (accel, found, words, meaning) => {
    const { lab } = readLab(`vms: { pc: { id: 5, accel: ${accel} } }`);
    const settings = explainVm(lab!, 'pc', found && { accel: found });

    const options = settings.find(({ key }) => key === 'accel')?.options;

    expect(options?.map(option => option.words.join(' '))).toEqual(words);
    expect(options?.[0]?.meaning).toContain(meaning);
  });

  test('the tiny guest: what it is told is on its kernel command line', () => {
    const { one } = explain('vms: { pc: { id: 5, guest: tiny, gateway: 10.0.0.1 } }', {}, 'pc');

    expect(one('guest')?.options.map(option => option.words.join(' '))).toEqual([
      '-kernel $guest/vmlinuz',
      '-initrd $guest/initrd',
      '-append console=ttyS0 quiet no_timer_check lab.name=pc lab.gateway=10.0.0.1',
    ]);
  });

  test('a VM without an ID has settings, but no command line yet; one that is not there has nothing', () => {
    const { settings } = explain('vms: { pc: { memory: 1G } }', {}, 'pc');

    expect(settings.find(({ key }) => key === 'memory')).toMatchObject({ value: '1G', options: [] });
    expect(explain(text, {}, 'nobody').settings).toEqual([]);
  });

  test('every word of the command line is explained, and no other one', () => {
    fc.assert(
      fc.property(randomLab, ({ text: source }) => {
        const { lab } = readLab(source);
        const around = { run: '/run', labFolder: '/lab', home: '/h', accel: 'tcg', guestFolder: '/guest' } as const;
        for (const vm of lab?.vms ?? []) {
          const explained = explainVm(lab!, vm.name, around).flatMap(({ options }) => options);

          const words = new Set(explained.flatMap(option => option.words));

          expect(words).toEqual(new Set(vmArguments(vm, vm.id!, around)));
          expect(explained.every(({ meaning }) => meaning.length > 5)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
