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

/** Makes it look as a VM of a lab, whose run-time folder this is. */
export interface LabPlace {
  readonly run: string;
  readonly name: string;
  readonly monitorPort?: number;
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
    return this.start(['-machine', 'none', ...monitorOn('monitor', port)]);
  }

  /** One without a machine that has a monitor on each of the ports. */
  monitors(ports: readonly number[]): TestQemu {
    const monitors = ports.flatMap((port, at) => monitorOn(`m${at}`, port));
    return this.start(['-machine', 'none', ...monitors]);
  }

  /** A VM whose firmware finds nothing to boot from, and says so on its display (VNC). */
  display(port: number): TestQemu {
    return this.start(['-accel', 'tcg', '-m', '16M', '-vga', 'std', '-vnc', `127.0.0.1:${port - 5900}`]);
  }

  /** A VM whose guest sends every byte back that arrives on its serial port, `B` for a break, and `R` when it begins. */
  echo(port: number, place?: LabPlace): TestQemu {
    return this.boot('echo', port, echoDisk(), place);
  }

  /**
   * A VM whose guest says `R`, waits for a byte on its serial port and then prints numbered lines as fast as it can; for
   * each further byte it goes on with as many.
   */
  flood(port: number, lines: number, place?: LabPlace): TestQemu {
    return this.boot('flood', port, floodDisk(lines), place);
  }

  private boot(guest: string, port: number, image: Uint8Array, place: LabPlace | undefined): TestQemu {
    const disk = join(this.folder, `${guest}-${port}.img`);
    writeFileSync(disk, image);
    const log = place ? join(place.run, `${place.name}.console.log`) : join(this.folder, `${guest}-${port}.log`);
    const machine = ['-accel', 'tcg', '-m', '16M', '-drive', `file=${disk},format=raw`];
    const lab = place ? ['-name', place.name, '-pidfile', join(place.run, `${place.name}.pid`)] : [];
    const serial = [...console('serial', port, `,logfile=${log},logappend=on`), '-serial', 'chardev:serial'];
    const monitor = place?.monitorPort === undefined ? [] : monitorOn('monitor', place.monitorPort);
    return this.start([...machine, ...lab, ...serial, ...monitor], log);
  }

  /** Kills them; others may be started. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.children].map(kill));
  }

  async stop(): Promise<void> {
    await this.stopAll();
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

const monitorOn = (id: string, port: number): string[] => [...console(id, port), '-mon', `chardev=${id},mode=readline`];

/** What the flood guest prints as line number `index`: 8 letters, `a` for 0 to `p` for 15. */
export function floodLine(index: number): string {
  const digits = index.toString(16).padStart(8, '0');
  return `${Array.from(digits, digit => 'abcdefghijklmnop'[Number.parseInt(digit, 16)] ?? '').join('')}\n`;
}

/** A boot sector that counts: `floodLine` after `floodLine`, a stop for a key after each `lines` of them. */
function floodDisk(lines: number): Uint8Array {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, lines, true);
  const code = [
    ...[0xfa], //                   cli
    ...[0x66, 0x31, 0xc9], //       xor ecx, ecx
    ...[0xb0, 0x52], //             mov al, 'R'
    ...[0xe8, 0x3a, 0x00], //       call send
    ...[0x66, 0x31, 0xdb], //       key: xor ebx, ebx
    ...[0xba, 0xfd, 0x03], //       mov dx, 0x3fd (line status)
    ...[0xec], //                   wait: in al, dx
    ...[0xa8, 0x01], //             test al, 1 (data ready)
    ...[0x74, 0xfb], //             jz wait
    ...[0xba, 0xf8, 0x03], //       mov dx, 0x3f8 (data)
    ...[0xec], //                   in al, dx
    ...[0x66, 0x89, 0xce], //       line: mov esi, ecx
    ...[0xbf, 0x08, 0x00], //       mov di, 8
    ...[0x66, 0xc1, 0xc6, 0x04], // digit: rol esi, 4
    ...[0x89, 0xf0], //             mov ax, si
    ...[0x24, 0x0f], //             and al, 15
    ...[0x04, 0x61], //             add al, 'a'
    ...[0xe8, 0x18, 0x00], //       call send
    ...[0x4f], //                   dec di
    ...[0x75, 0xf0], //             jnz digit
    ...[0xb0, 0x0a], //             mov al, 10
    ...[0xe8, 0x10, 0x00], //       call send
    ...[0x66, 0x41], //             inc ecx
    ...[0x66, 0x43], //             inc ebx
    ...[0x66, 0x81, 0xfb, ...count], // cmp ebx, lines
    ...[0x75, 0xd8], //             jne line
    ...[0xeb, 0xc7], //             jmp key
    ...[0x90], //                   nop
    ...[0x88, 0xc4], //             send: mov ah, al
    ...[0xba, 0xfd, 0x03], //       mov dx, 0x3fd
    ...[0xec], //                   busy: in al, dx
    ...[0xa8, 0x20], //             test al, 0x20 (transmitter empty)
    ...[0x74, 0xfb], //             jz busy
    ...[0x88, 0xe0], //             mov al, ah
    ...[0xba, 0xf8, 0x03], //       mov dx, 0x3f8
    ...[0xee], //                   out dx, al
    ...[0xc3], //                   ret
  ];
  return bootDisk(code);
}

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
  return bootDisk(code);
}

function bootDisk(code: readonly number[]): Uint8Array {
  const disk = new Uint8Array(64 * 1024);
  disk.set(code);
  disk.set([0x55, 0xaa], 510);
  return disk;
}
