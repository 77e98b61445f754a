import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A TCP port of the loopback that is free now, and outside the ranges that labs use. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    if (port > 40_000) return port;
  }
}

/** QEMU processes of one test, with a folder for their files. Whatever happens, `stop` ends them and leaves nothing. */
export class TestQemus {
  readonly folder = mkdtempSync(join(tmpdir(), 'kvc-'));
  private readonly children = new Set<ChildProcess>();
  private readonly atExit = (): void => {
    for (const child of this.children) child.kill('SIGKILL');
  };

  constructor() {
    // A run that is broken off comes to no afterEach.
    process.once('exit', this.atExit);
  }

  /** A QEMU without a machine whose monitor listens on the port. */
  monitor(port: number): TestQemu {
    return this.start(['-machine', 'none', ...console('monitor', port), '-mon', 'chardev=monitor,mode=readline']);
  }

  /** A VM whose guest sends every byte back that arrives on its serial port, `B` for a break, and `R` when it begins. */
  echo(port: number): TestQemu {
    const disk = join(this.folder, `echo-${port}.img`);
    writeFileSync(disk, echoDisk());
    const log = join(this.folder, `echo-${port}.log`);
    const machine = ['-accel', 'tcg', '-m', '16M', '-drive', `file=${disk},format=raw`];
    return this.start([...machine, ...console('serial', port, `,logfile=${log}`), '-serial', 'chardev:serial'], log);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.children].map(kill));
    process.removeListener('exit', this.atExit);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private start(args: readonly string[], log?: string): TestQemu {
    const child = spawn('qemu-system-x86_64', ['-nodefaults', '-display', 'none', ...args], { stdio: 'ignore' });
    this.children.add(child);
    return new TestQemu(child, log);
  }
}

export class TestQemu {
  private readonly child: ChildProcess;
  private readonly log: string | undefined;

  constructor(child: ChildProcess, log: string | undefined) {
    this.child = child;
    this.log = log;
  }

  /** All that the guest has printed, whether or not anybody was connected. */
  printed(): string {
    try {
      return this.log === undefined ? '' : readFileSync(this.log, 'latin1');
    } catch {
      // QEMU has not made it yet.
      return '';
    }
  }

  /** As `kill -9`; over when the process is gone. */
  kill(): Promise<void> {
    return kill(this.child);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const console = (id: string, port: number, more = ''): string[] => [
  '-chardev',
  `socket,id=${id},host=127.0.0.1,port=${port},server=on,wait=off,telnet=on${more}`,
];

/** A boot sector that works the UART by hand, so that no driver or line discipline touches a byte. */
function echoDisk(): Uint8Array {
  const code = [
    ...[0xfa], //             cli
    ...[0xb4, 0x52], //       mov ah, 'R'
    ...[0xeb, 0x14], //       jmp send
    ...[0xba, 0xfd, 0x03], // receive: mov dx, 0x3fd (line status)
    ...[0xec], //             wait: in al, dx
    ...[0xa8, 0x01], //       test al, 1 (data ready)
    ...[0x74, 0xfb], //       jz wait
    ...[0xa8, 0x10], //       test al, 0x10 (break)
    ...[0xba, 0xf8, 0x03], // mov dx, 0x3f8 (data)
    ...[0xec], //             in al, dx
    ...[0x74, 0x02], //       jz keep
    ...[0xb0, 0x42], //       mov al, 'B'
    ...[0x88, 0xc4], //       keep: mov ah, al
    ...[0xba, 0xfd, 0x03], // send: mov dx, 0x3fd
    ...[0xec], //             busy: in al, dx
    ...[0xa8, 0x20], //       test al, 0x20 (transmitter empty)
    ...[0x74, 0xfb], //       jz busy
    ...[0x88, 0xe0], //       mov al, ah
    ...[0xba, 0xf8, 0x03], // mov dx, 0x3f8
    ...[0xee], //             out dx, al
    ...[0xeb, 0xdc], //       jmp receive
  ];
  const disk = new Uint8Array(64 * 1024);
  disk.set(code);
  disk.set([0x55, 0xaa], 510);
  return disk;
}
