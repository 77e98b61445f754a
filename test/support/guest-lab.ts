import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyGuestAppend } from '../../extension/guest/append.ts';
import type { Vm } from '../../extension/lab/model.ts';
import { freePort } from './console-qemu.ts';
import { GuestConsole } from './guest-console.ts';
import { tinyGuestDir } from './tiny-guest.ts';
import { until } from './vscode/until.ts';

/** Tiny guests on VDE switches without lab file and scripts. All processes are ours; `stop` ends them and leaves nothing. */
export class GuestLab {
  private readonly folder = mkdtempSync(join(tmpdir(), 'kvg-'));
  private readonly children: ChildProcess[] = [];
  private readonly consoles: GuestConsole[] = [];
  private readonly atExit = (): void => {
    for (const child of this.children) child.kill('SIGKILL');
  };

  constructor() {
    // A run that is broken off comes to no afterAll.
    process.once('exit', this.atExit);
  }

  /** Starts a switch that carries the VLANs, tagged, on its first four ports. */
  async startSwitch(name: string, vlans: readonly number[] = []): Promise<void> {
    const ports = [1, 2, 3, 4];
    const tags = vlans.flatMap(vlan => [`vlan/create ${vlan}`, ...ports.map(port => `vlan/addport ${vlan} ${port}`)]);
    writeFileSync(
      join(this.folder, `${name}.rc`),
      `${[...ports.map(port => `port/create ${port}`), ...tags].join('\n')}\n`,
    );
    const socket = join(this.folder, name);
    // In the foreground it ends when its stdin, a pipe of ours, does.
    const args = ['-s', socket, '-M', `${socket}.mgmt`, '-f', `${socket}.rc`];
    this.start('vde_switch', args);
    await until(`switch ${name}`, () => Promise.resolve(existsSync(`${socket}.mgmt`)), { intervalMs: 10 });
  }

  /** Boots a VM; each of its NICs plugs into its port of the switch that it names. */
  async boot(vm: Vm, more: readonly string[] = ['-cpu', 'max']): Promise<BootedGuest> {
    const guest = await tinyGuestDir();
    const port = await freePort();
    const qmp = join(this.folder, `${vm.name}.qmp`);
    const nics = vm.nics.flatMap(nic => [
      '-netdev',
      `vde,id=n${nic.number},sock=${join(this.folder, nic.switch)},port=${nic.port ?? 0}`,
      '-device',
      `virtio-net-pci,netdev=n${nic.number},mac=${nic.mac ?? ''},romfile=`,
    ]);
    const kernel = [
      '-kernel',
      join(guest, 'vmlinuz'),
      '-initrd',
      join(guest, 'initrd'),
      '-append',
      tinyGuestAppend(vm),
    ];
    const serial = `socket,id=serial,host=127.0.0.1,port=${port},server=on,wait=off,telnet=on`;
    const ports = ['-chardev', serial, '-serial', 'chardev:serial', '-qmp', `unix:${qmp},server=on,wait=off`];
    const machine = [
      '-accel',
      'tcg',
      '-machine',
      'pc,graphics=off',
      '-m',
      '96',
      '-nodefaults',
      '-display',
      'none',
      '-no-reboot',
    ];
    const child = this.start('qemu-system-x86_64', [...machine, ...more, ...ports, ...kernel, ...nics]);
    const console = await GuestConsole.open(port);
    this.consoles.push(console);
    return new BootedGuest(child, console, qmp);
  }

  async stop(): Promise<void> {
    for (const console of this.consoles) console.close();
    await Promise.all(this.children.map(kill));
    process.removeListener('exit', this.atExit);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private start(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
    this.children.push(child);
    return child;
  }
}

export class BootedGuest {
  readonly console: GuestConsole;
  private readonly child: ChildProcess;
  private readonly qmp: string;

  constructor(child: ChildProcess, console: GuestConsole, qmp: string) {
    this.child = child;
    this.console = console;
    this.qmp = qmp;
  }

  /** Output of a command in the guest; fails with all of it if its status is not 0. */
  async run(command: string): Promise<string> {
    const { output, code } = await this.console.run(command);
    if (code !== 0) throw new Error(`In the guest, \`${command}\` ended with ${code}: ${output}`);
    return output;
  }

  /** What a person does by pressing the VM's power button. */
  pressPowerButton(): Promise<void> {
    return new Promise((done, failed) => {
      const socket = createConnection(this.qmp, () =>
        socket.end('{"execute":"qmp_capabilities"}{"execute":"system_powerdown"}'),
      );
      socket
        .resume()
        .once('error', failed)
        .once('close', () => done());
    });
  }

  /** QEMU's exit status; rejects if the guest has not switched off in time. */
  async exitCode(timeoutMs = 120_000): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit', { signal: AbortSignal.timeout(timeoutMs) });
    }
    return this.child.exitCode;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
