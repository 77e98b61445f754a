import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { GuestConsole } from '../support/guest-console.ts';
import { freeIds } from '../support/free-ids.ts';
import { lab as aLab, networkSwitch, nic, tap, vm } from '../support/lab-builder.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const isRoot = process.getuid?.() === 0;
const namespace = `kl-${process.pid}`;
const fetchPage = "exec 3<>/dev/tcp/192.168.99.2/80 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";
const labs: ScriptLab[] = [];

afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose();
  spawnSync('ip', ['netns', 'del', namespace]);
});

async function adminLab(): Promise<{ readonly lab: ScriptLab; readonly id: number }> {
  const [id] = await freeIds(1);
  const it = new ScriptLab(
    aLab({
      name: 'adm',
      switches: [networkSwitch('admin', { tap: tap('kladm0', { address: '192.168.99.1/24', group: 'vde2-net' }) })],
      vms: [
        vm('pc', id, {
          memory: '96M',
          isTinyGuest: true,
          nics: [nic(1, 'admin', { port: 2, mac: '52:54:00:00:77:01', addresses: ['192.168.99.2/24'] })],
        }),
      ],
    }),
  );
  labs.push(it);
  return { lab: it, id: id! };
}

/** Runs a program in the test's own network namespace, with the lab's run-time folder. */
function inside(lab: ScriptLab, program: string, ...words: readonly string[]): { code: number | null; output: string } {
  const run = spawnSync('ip', ['netns', 'exec', namespace, program, ...words], {
    env: { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot },
    encoding: 'utf8',
  });
  return { code: run.status, output: run.stdout + run.stderr };
}

/** Where others plug in: not in the lab's own folder. */
const door = '/tmp/kvmlab-tap-kladm0';

/** A member of the group plugs in, and nobody else does. */
async function groupOnly(lab: ScriptLab): Promise<void> {
  const [, , gid = ''] = execFileSync('getent', ['group', 'vde2-net'], { encoding: 'utf8' }).split(':');
  const nobody = ['--reuid', '65534', '--regid', '65534'];
  const stranger = spawnSync('setpriv', [...nobody, '--clear-groups', 'vde_plug', door], {
    encoding: 'utf8',
    input: '',
  });
  expect(stranger.stderr).toContain('Permission denied');

  const member = spawn('setpriv', [...nobody, '--groups', gid, 'vde_plug', '-D', 'member', door], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  try {
    const ports = () =>
      spawnSync('unixcmd', ['-s', path.join(lab.run, 'switch-admin.mgmt'), '-f', '/etc/vde2/vdecmd', 'port/print'], {
        encoding: 'utf8',
      }).stdout;
    await expect.poll(ports, { timeout: 60_000 }).toContain('member user=nobody');
  } finally {
    member.kill('SIGKILL');
  }
}

test.runIf(isRoot)(
  'the host joins the admin switch by its tap, reaches a VM, and the tap goes with the switch',
  async () => {
    const { lab, id } = await adminLab();
    symlinkSync(await tinyGuestDir(), path.join(lab.folder, '..', 'guest'));
    execFileSync('ip', ['netns', 'add', namespace]);

    const started = inside(lab, path.join(lab.folder, 'switch-admin.sh'), 'start');
    const pc = await lab.script('pc.sh', 'start');
    const guest = await GuestConsole.open(10_000 + id);
    guest.type('\r');
    await guest.waitFor(/pc:~# /);
    guest.close();
    await groupOnly(lab);
    const page = inside(lab, 'timeout', '20', 'bash', '-c', fetchPage);
    const stopped = inside(lab, path.join(lab.folder, 'switch-admin.sh'), 'stop');

    expect(started, started.output).toMatchObject({ code: 0 });
    expect(pc, pc.output).toMatchObject({ code: 0 });
    expect(page.output).toContain('200 OK');
    expect(stopped, stopped.output).toMatchObject({ code: 0 });
    expect(inside(lab, 'ip', 'link', 'show', 'dev', 'kladm0').code).not.toBe(0);
    expect([door, path.join(lab.run, 'switch-admin')].filter(file => existsSync(file))).toEqual([]);
  },
);

test.runIf(isRoot)(
  'without root the admin switch says which command to run, and its VM says what is missing',
  async () => {
    const { lab } = await adminLab();
    for (const folder of [lab.root, path.dirname(lab.folder), lab.folder]) chownSync(folder, 65_534, 65_534);

    const run = (script: string, ...words: readonly string[]) =>
      spawnSync('setpriv', ['--reuid', '65534', '--clear-groups', path.join(lab.folder, script), 'start', ...words], {
        env: { PATH: process.env['PATH'], HOME: lab.root, KVMLAB_RUN_ROOT: lab.runRoot, KVMLAB_ACCEL: 'tcg' },
        encoding: 'utf8',
      });
    const admin = run('switch-admin.sh');
    const pc = run('pc.sh', 'GUEST=');

    expect(admin.status).toBe(1);
    expect(admin.stderr).toContain(`needs root. Run: sudo ${lab.folder}/switch-admin.sh start RUN_ROOT=${lab.runRoot}`);
    expect(pc.status).toBe(1);
    expect(pc.stderr).toMatch(/needs root.*pc did not start/s);
  },
);
