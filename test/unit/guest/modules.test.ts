import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiBytes } from '../../../extension/guest/ascii.ts';
import {
  moduleName,
  modulesAlias,
  modulesDep,
  planModules,
  readModuleInfo,
  type PlannedModule,
} from '../../../extension/guest/modules.ts';
import { elfFile } from '../../support/elf-file.ts';

const moduleOf = (...info: string[]): Uint8Array =>
  elfFile({
    '.text': new Uint8Array([1, 2, 3]),
    '.modinfo': asciiBytes(info.map(line => `${line}\0`).join('')),
    '.data': new Uint8Array(7),
  });

/** A kernel whose modules need each other as the table says. */
const kernelOf =
  (needs: Readonly<Record<string, readonly string[]>>) =>
  async (name: string): Promise<{ name: string; bytes: Uint8Array } | undefined> => {
    await Promise.resolve();
    const depends = needs[name];
    return depends && { name, bytes: moduleOf('license=GPL', `depends=${depends.join(',')}`, `alias=test-${name}`) };
  };

const names = (modules: readonly PlannedModule[]): readonly string[] => modules.map(one => one.name);

describe('what a module says of itself', () => {
  test('is read from its .modinfo section only', () => {
    const bytes = elfFile({
      '.rodata': asciiBytes('\0depends=wrong\0'),
      '.modinfo': asciiBytes('depends=net-failover,virtio\0alias=pci:v1AF4*\0author=depends=x\0alias=virtio:d1v*\0'),
    });

    expect(readModuleInfo(bytes)).toEqual({
      depends: ['net_failover', 'virtio'],
      aliases: ['pci:v1AF4*', 'virtio:d1v*'],
    });
  });

  test('may be that it needs nothing', () => {
    expect(readModuleInfo(moduleOf('depends=')).depends).toEqual([]);
  });

  test.each([
    ['something else', asciiBytes('no module at all, but long enough to hold a header of an ELF file')],
    ['an empty file', new Uint8Array(0)],
    ['an ELF file without the section', elfFile({ '.text': new Uint8Array(4) })],
  ])('is missing in %s, which is said', (_what, bytes) => {
    expect(() => readModuleInfo(bytes)).toThrow(RangeError);
  });

  test.each([
    ['kernel/net/8021q/8021q.ko', '8021q'],
    ['kernel/drivers/net/ne2k-pci.ko.xz', 'ne2k_pci'],
    ['modules.order', undefined],
    ['kernel/x.ko.txt', undefined],
  ])('its name comes from its file: %s', (file, name) => {
    expect(moduleName(file)).toBe(name);
  });
});

describe('a plan of modules', () => {
  const kernel = kernelOf({
    virtio_net: ['net_failover', 'virtio', 'virtio_ring'],
    net_failover: ['failover'],
    failover: [],
    virtio: ['virtio_ring'],
    virtio_ring: [],
    vlan: ['garp', 'built_in'],
    garp: [],
  });

  test('has each module once, after all that it needs', async () => {
    const plan = await planModules(['virtio_net', 'virtio'], kernel);

    expect(names(plan)).toEqual(['failover', 'net_failover', 'virtio_ring', 'virtio', 'virtio_net']);
  });

  test('leaves out what the kernel has built in or does not have', async () => {
    const plan = await planModules(['e1000', 'vlan'], kernel);

    expect(names(plan)).toEqual(['garp', 'vlan']);
    expect(plan.at(-1)?.needs).toEqual(['garp']);
  });

  test('ends even if modules need each other in a circle', async () => {
    const plan = await planModules(['a'], kernelOf({ a: ['b'], b: ['a'] }));

    expect([...names(plan)].sort()).toEqual(['a', 'b']);
  });

  test('puts what a module needs before it, whatever the graph', async () => {
    const graph = fc.array(fc.array(fc.nat(9), { maxLength: 4 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(graph, async rows => {
        // Module n may need only modules with lower numbers: no circles, as in a real kernel.
        const needs = Object.fromEntries(
          rows.map((row, n) => [`m${n}`, row.filter(one => one < n).map(one => `m${one}`)]),
        );

        const plan = names(await planModules(Object.keys(needs).reverse(), kernelOf(needs)));

        expect([...plan].sort()).toEqual(Object.keys(needs).sort());
        for (const [name, list] of Object.entries(needs)) {
          for (const need of list) expect(plan.indexOf(need)).toBeLessThan(plan.indexOf(name));
        }
      }),
    );
  });

  test("becomes modprobe's tables", async () => {
    const plan = await planModules(['net_failover', 'virtio'], kernel);

    expect(modulesDep(plan)).toBe(
      'failover.ko:\nnet_failover.ko: failover.ko\nvirtio_ring.ko:\nvirtio.ko: virtio_ring.ko\n',
    );
    expect(modulesAlias(plan)).toBe(
      'alias test-failover failover\nalias test-net_failover net_failover\nalias test-virtio_ring virtio_ring\nalias test-virtio virtio\n',
    );
  });
});
