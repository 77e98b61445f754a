import { spawn } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tap } from '../../extension/lab/model.ts';
import { lab as aLab, networkSwitch, nic, tap, vm } from '../support/lab-builder.ts';
import { Namespaces } from '../support/namespaces.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { commandLine, killIfAlive } from '../support/own-processes.ts';
import { until } from '../support/vscode/until.ts';

/**
 * A host between a lab and its LAN, each a network namespace: `world` – lan0 `host` kltap0 – switch – `guest`. The real
 * network of the machine is not touched.
 */
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
/** Runs "$0" "$@" as nobody, with a /dev/net/tun for all as Debian has it; in a mount namespace of its own. */
const openTun = `mount -t tmpfs none /dev/net && mknod -m 666 /dev/net/tun c 10 200 && exec setpriv --reuid ${nobody} --clear-groups "$0" "$@"`;
let spaces: Namespaces;
let labs: ScriptLab[];
let host: string;
let world: string;

beforeEach(() => {
  spaces = new Namespaces();
  labs = [];
  if (!isRoot) return;
  [host, world] = [spaces.make('host'), spaces.make('world')];
  spaces.join(host, 'lan0', world, 'eth0');
  spaces.must(host, 'ip address add 10.77.0.2/24 brd + dev lan0\nip route add default via 10.77.0.1 metric 100');
  spaces.must(world, 'ip address add 10.77.0.1/24 dev eth0\nip address add 10.99.0.1/32 dev lo');
  spaces.must(world, 'ip route add 192.168.99.0/24 via 10.77.0.2');
});

afterEach(async () => {
  for (const lab of labs) lab.dispose();
  await spaces.dispose();
});

function labWith(parts: Partial<Tap>): ScriptLab {
  const it = new ScriptLab(
    aLab({
      name: 'adm',
      switches: [networkSwitch('admin', { tap: tap('kltap0', parts) })],
      // Its script is not run: it makes the port that the guest takes.
      vms: [vm('pc', 9, { nics: [nic(1, 'admin', { port: 2 })] })],
    }),
  );
  labs.push(it);
  return it;
}

const inHost = (lab: ScriptLab, verb: string, ...settings: readonly string[]) =>
  spaces.run(host, [path.join(lab.folder, 'switch-admin.sh'), verb, ...settings], { KVMLAB_RUN_ROOT: lab.runRoot });

/** A stand-in for a VM: a namespace whose interface hangs on the port of the VM. */
async function plugGuest(lab: ScriptLab, address: string): Promise<string> {
  const guest = spaces.make('guest');
  spaces.begin(guest, ['vde_plug', `${lab.run}/switch-admin[2]`, 'tap://t0']);
  await until('the guest to be plugged in', () => {
    return Promise.resolve(spaces.run(guest, ['ip', 'link', 'set', 't0', 'up']).code === 0);
  });
  spaces.must(guest, `ip address add ${address} dev t0`);
  return guest;
}

describe.runIf(isRoot)('the host on an admin switch', () => {
  const address = '192.168.99.1/24';

  test('hands on what the lab file says, step by step, and is afterwards as it was before', async () => {
    const lab = labWith({ address, proxy: '10.77.0.1:3128', dns: '10.77.0.1' });
    await spaces.serve(world, '10.99.0.1', 80, 'the internet');
    await spaces.serve(world, '10.77.0.1', 3128, 'the proxy');
    await spaces.serveNames(world, '10.77.0.1', '10.99.0.1');
    const before = spaces.listing(host);

    const started = inHost(lab, 'start');
    expect(started, started.output).toMatchObject({ code: 0 });
    const guest = await plugGuest(lab, '192.168.99.2/24');
    spaces.must(guest, 'ip route add default via 192.168.99.1');
    await spaces.serve(guest, '192.168.99.2', 80, 'the guest');

    // Host and lab reach each other; the proxy and the name server are there, and nothing else of the world.
    await spaces.reaches(host, '192.168.99.2', 80, 'the guest');
    await spaces.reaches(guest, '192.168.99.1', 3128, 'the proxy');
    await spaces.resolves(guest, '192.168.99.1', '10.99.0.1');
    expect(spaces.fetch(guest, '10.99.0.1', 80)).not.toContain('the internet');
    expect(spaces.fetch(world, '192.168.99.2', 80)).not.toContain('the guest');

    expect(inHost(lab, 'nat-on').code).toBe(0);
    expect(inHost(lab, 'nat-on')).toMatchObject({ code: 0, output: 'nat of switch admin was on.\n' });
    await spaces.reaches(guest, '10.99.0.1', 80, 'the internet');
    await spaces.reaches(guest, '192.168.99.1', 3128, 'the proxy');
    expect(spaces.fetch(world, '192.168.99.2', 80)).not.toContain('the guest');
    expect(inHost(lab, 'host-status').output).toContain('rules: dns nat proxy ; IP forwarding: 1');

    expect(inHost(lab, 'nat-off').code).toBe(0);
    expect(inHost(lab, 'nat-off').code).toBe(3);
    expect(spaces.fetch(guest, '10.99.0.1', 80)).not.toContain('the internet');
    await spaces.reaches(guest, '192.168.99.1', 3128, 'the proxy');

    expect([inHost(lab, 'proxy-off').code, inHost(lab, 'dns-off').code]).toEqual([0, 0]);
    expect(spaces.resolve(guest, '192.168.99.1')).not.toContain('10.99.0.1');
    expect(spaces.must(host, 'nft list ruleset')).toBe('');
    expect(spaces.must(host, 'cat /proc/sys/net/ipv4/ip_forward')).toBe('0\n');

    // A switch that was killed leaves its tap and rules; the next stop takes all of it away.
    expect(inHost(lab, 'nat-on').code).toBe(0);
    await lab.kill('switch-admin.pid');
    expect(inHost(lab, 'stop').code).toBe(3);
    expect(spaces.listing(host)).toBe(before);
    expect(lab.processes().filter(pid => lab.isAlive(pid))).toEqual([]);
  });

  test('leaves forwarding on that was on before, and that another tap still needs', () => {
    const [first, second] = [labWith({ address, nat: true }), labWith({ interface: 'kltap1', address, nat: true })];
    const forwarding = () => spaces.must(host, 'cat /proc/sys/net/ipv4/ip_forward').trim();
    const steps = (): string => {
      const seen = [inHost(first, 'host-up'), inHost(second, 'host-up')].map(() => forwarding());
      inHost(first, 'host-down');
      seen.push(forwarding());
      inHost(second, 'host-down');
      return [...seen, forwarding()].join(' ');
    };

    expect(steps()).toBe('1 1 1 0');
    spaces.must(host, 'sysctl -qw net.ipv4.ip_forward=1');
    expect(steps()).toBe('1 1 1 1');
    expect(spaces.must(host, 'nft list ruleset')).toBe('');
  });

  test('killed in the middle of a start or stop, it is put in order by the next stop', async () => {
    const lab = labWith({ address, nat: true, dns: '10.77.0.1' });
    const before = spaces.listing(host);
    const isThere = (): boolean => spaces.run(host, ['ip', 'link', 'show', 'dev', 'kltap0']).code === 0;
    for (const [verb, isReached] of [
      ['start', isThere],
      ['start', () => existsSync(path.join(lab.run, 'switch-admin.pid'))],
      ['stop', () => !isThere()],
    ] as const) {
      const words = ['netns', 'exec', host, path.join(lab.folder, 'switch-admin.sh'), verb];
      const env = { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot };
      const child = spawn('ip', words, { stdio: 'ignore', detached: true, env });
      const over = new Promise<void>(resolve => child.once('exit', () => resolve()));
      // Wherever it is then: each moment has to be mended, and the test hits another one each time.
      await Promise.race([until('the moment', () => Promise.resolve(isReached()), { intervalMs: 1 }), over]);
      killIfAlive(-child.pid!);
      await over;
      // The switch that it had begun to start comes up without it.
      const isBeginning = (): boolean => lab.processes().some(pid => commandLine(pid).startsWith('timeout'));
      await until('what was begun', () => Promise.resolve(!isBeginning()));
      inHost(lab, 'stop');
      expect(spaces.listing(host), verb).toBe(before);
    }
  });

  test('a tap that is there is used without root; one of somebody else is told, and no other interface is touched', () => {
    const lab = labWith({ address });
    const script = path.join(lab.folder, 'switch-admin.sh');
    for (const folder of [lab.root, path.dirname(lab.folder), lab.folder]) chownSync(folder, nobody, nobody);
    const env = { KVMLAB_RUN_ROOT: lab.runRoot };
    const asNobody = (...words: readonly string[]) =>
      spaces.run(host, ['unshare', '-m', 'sh', '-c', openTun, script, ...words], env);
    const bySudo = (...words: readonly string[]) =>
      spaces.run(host, [script, ...words], { ...env, SUDO_UID: String(nobody) });

    const prepared = bySudo('host-up');
    expect(prepared, prepared.output).toMatchObject({ code: 0 });
    const started = asNobody('start');
    expect(started, started.output).toMatchObject({ code: 0 });
    expect(asNobody('stop').output).toContain(`The tap kltap0 stays. To remove it: sudo ${script} host-down`);
    expect(asNobody('host-status').output).toContain(`user ${nobody},  192.168.99.1/24`);
    expect(asNobody('nat-on').output).toContain(`needs root. Run: sudo ${script} nat-on RUN_ROOT=${lab.runRoot}`);

    spaces.must(host, 'ip tuntap del dev kltap0 mode tap\nip tuntap add dev kltap0 mode tap user 1');
    expect(bySudo('host-up').output).toContain('belongs to user 1, not to 65534');
    const refused = asNobody('start');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('may not open its tap kltap0, which belongs to somebody else');
    expect(readdirSync(lab.run).filter(file => file.endsWith('.pid'))).toEqual([]);

    const before = spaces.listing(host);
    expect(bySudo('host-up', 'TAP=lan0').output).toContain('lan0 is an interface of this host and no tap');
    expect(bySudo('host-down', 'TAP=lan0').output).toContain('It stays');
    expect(spaces.listing(host)).toBe(before);
  });
});

describe.runIf(isRoot)('a bridge to the LAN', () => {
  const bridge = { bridge: 'klbr0', lan: 'lan0' };

  test('puts VMs into the LAN without root from then on, and gives everything back', async () => {
    const lab = labWith(bridge);
    const before = spaces.listing(host);
    await spaces.serve(host, '10.77.0.2', 80, 'the host');

    const checked = inHost(lab, 'bridge-check');
    expect(checked, checked.output).toMatchObject({ code: 0 });
    expect(checked.output).toContain('10.77.0.2/24 moves from lan0 to klbr0');
    expect(checked.output).toContain("this host's default route goes through lan0");
    expect(spaces.listing(host)).toBe(before);
    expect(inHost(lab, 'start').output).toContain('The bridge klbr0 is not there');

    const up = inHost(lab, 'bridge-up');
    expect(up, up.output).toMatchObject({ code: 0 });
    expect(inHost(lab, 'bridge-confirm').code).toBe(0);
    expect(inHost(lab, 'bridge-confirm').code).toBe(3);
    expect(inHost(lab, 'bridge-check').code).toBe(3);
    expect(spaces.must(host, 'ip -4 route show default')).toContain('via 10.77.0.1 dev klbr0');
    const started = inHost(lab, 'start');
    expect(started, started.output).toMatchObject({ code: 0 });
    const guest = await plugGuest(lab, '10.77.0.50/24');
    await spaces.serve(guest, '10.77.0.50', 80, 'the guest');

    await spaces.reaches(world, '10.77.0.2', 80, 'the host');
    await spaces.reaches(world, '10.77.0.50', 80, 'the guest');
    // A tap that is there stays in its bridge when the switch is started again.
    expect(inHost(lab, 'restart').code).toBe(0);

    expect(inHost(lab, 'stop').code).toBe(0);
    expect(inHost(lab, 'bridge-down').code).toBe(0);
    expect(inHost(lab, 'bridge-down').code).toBe(3);
    expect(spaces.listing(host)).toBe(before);
    await spaces.reaches(world, '10.77.0.2', 80, 'the host');
  });

  test('that nobody confirms is undone by itself, also when who made it was killed in the middle', async () => {
    const lab = labWith(bridge);
    const before = spaces.listing(host);
    const isPutBack = async (what: string): Promise<void> => {
      await until(what, () => Promise.resolve(spaces.listing(host) === before));
      await until('the timer to be gone', () => Promise.resolve(lab.processes().length === 0));
    };

    expect(inHost(lab, 'bridge-up', 'TAP_CONFIRM=1').code).toBe(0);
    await isPutBack('the roll-back');

    const words = ['netns', 'exec', host, path.join(lab.folder, 'switch-admin.sh'), 'bridge-up', 'TAP_CONFIRM=3'];
    const env = { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot };
    const child = spawn('ip', words, { stdio: 'ignore', detached: true, env });
    const over = new Promise<void>(resolve => child.once('exit', () => resolve()));
    const isBegun = (): boolean => spaces.run(host, ['ip', 'link', 'show', 'dev', 'klbr0']).code === 0;
    await Promise.race([until('the bridge', () => Promise.resolve(isBegun()), { intervalMs: 1 }), over]);
    killIfAlive(-child.pid!);
    await over;
    await isPutBack('the roll-back after a kill');
    expect(readdirSync(lab.run).filter(file => /bridge(\.pid)?$/.test(file))).toEqual([]);
  });

  test('is not made of what cannot be bridged', () => {
    const before = spaces.listing(host);
    const refusal = (parts: Partial<Tap>): string => {
      const { code, output } = inHost(labWith(parts), 'bridge-up');
      return `${code} ${output.trim()}`;
    };

    expect(refusal({ bridge: 'klbr0' })).toContain('1 Switch admin does not say which interface goes into klbr0');
    expect(refusal({ bridge: 'klbr0', lan: 'lan9' })).toContain('1 This host has no interface lan9. It has: lo lan0');
    expect(refusal({ bridge: 'lan0', lan: 'lan0' })).toContain('1 lan0 is an interface of this host and no bridge');
    expect(refusal({})).toContain('1 Switch admin has no bridge');
    expect(spaces.listing(host)).toBe(before);
  });
});
