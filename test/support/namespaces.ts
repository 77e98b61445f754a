import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './vscode/until.ts';

export interface NamespaceRun {
  readonly code: number | null;
  readonly output: string;
}

/** Network namespaces of a test: hosts that are not this one. Needs root. Disposing ends what runs in them and removes them. */
export class Namespaces {
  private readonly names = new Set<string>();
  private readonly children: ChildProcess[] = [];
  private readonly pages = mkdtempSync(path.join(tmpdir(), 'klns-'));

  /** Gives the full name of a new one, whose loopback is up. */
  make(name: string): string {
    const full = `kl${process.pid}-${name}`;
    execFileSync('ip', ['netns', 'add', full]);
    this.names.add(full);
    this.must(full, 'ip link set lo up');
    return full;
  }

  /** Two ends of a wire, one in each namespace, both up. */
  join(a: string, endOfA: string, b: string, endOfB: string): void {
    this.must(a, `ip link add ${endOfA} type veth peer name ${endOfB} netns ${b}`);
    this.must(a, `ip link set ${endOfA} up`);
    this.must(b, `ip link set ${endOfB} up`);
  }

  run(name: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): NamespaceRun {
    const run = spawnSync('ip', ['netns', 'exec', name, ...words], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    return { code: run.status, output: run.stdout + run.stderr };
  }

  /** Commands without quotes, one a line; throws if one fails. Gives what they printed. */
  must(name: string, lines: string): string {
    return lines
      .trim()
      .split('\n')
      .map(line => execFileSync('ip', ['netns', 'exec', name, ...line.trim().split(' ')], { encoding: 'utf8' }))
      .join('');
  }

  /** A program that runs until the end of the test. */
  begin(name: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', name, ...words], { stdio: 'ignore', env: { ...process.env, ...env } });
    this.children.push(child);
    return child;
  }

  /** A web server whose one page is `text`. */
  async serve(name: string, address: string, port: number, text: string): Promise<void> {
    const folder = path.join(this.pages, `${name}-${address}-${port}`);
    execFileSync('mkdir', ['-p', folder]);
    writeFileSync(path.join(folder, 'index.html'), text);
    this.begin(name, ['busybox', 'httpd', '-f', '-p', `${address}:${port}`, '-h', folder]);
    await this.reaches(name, address, port, text);
  }

  /** Waits until somebody in this namespace gets that page. */
  async reaches(name: string, address: string, port: number, text: string): Promise<void> {
    let seen = '';
    const what = (): string => `${name} to get "${text}" from ${address}:${port}; it got: ${seen}`;
    await until(what, () => Promise.resolve((seen = this.fetch(name, address, port)).includes(text)));
  }

  /** What a web server says to somebody in this namespace, if it does within two seconds. */
  fetch(name: string, address: string, port: number): string {
    const get = `exec 3<>/dev/tcp/${address}/${port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3`;
    return this.run(name, ['timeout', '2', 'bash', '-c', get]).output;
  }

  /** A name server that gives this IPv4 address to every name. */
  async serveNames(name: string, address: string, answer: string): Promise<void> {
    this.begin(name, [process.execPath, '-e', nameServer, address, answer]);
    await this.resolves(name, address, answer);
  }

  /** Waits until somebody in this namespace gets that answer from a name server. */
  async resolves(name: string, server: string, answer: string): Promise<void> {
    let seen = '';
    const what = (): string => `${name} to be told ${answer} by ${server}; it was told: ${seen}`;
    await until(what, () => Promise.resolve((seen = this.resolve(name, server)).includes(answer)));
  }

  /** What a name server says of some name to somebody in this namespace, if it does within two seconds. */
  resolve(name: string, server: string): string {
    return this.run(name, ['timeout', '2', 'busybox', 'nslookup', '-type=a', 'www.lab.test', server]).output;
  }

  /** Interfaces, addresses, routes, rules and forwarding there, as text to compare. */
  listing(name: string): string {
    const links = this.must(name, 'ip -o link show')
      .trimEnd()
      .split('\n')
      .map(line => [/^\d+: ([^:@]+)/.exec(line)?.[1], / master (\S+)/.exec(line)?.[1] ?? ''].join(' '));
    const rest = [
      'ip -o address show scope global',
      'ip -4 route show',
      'ip -6 route show default',
      'nft list ruleset',
    ];
    const texts = rest.map(command => this.must(name, command).replace(/^\d+: | +valid_lft.*$| linkdown/gm, ''));
    return [...links, ...texts, this.must(name, 'cat /proc/sys/net/ipv4/ip_forward')].join('\n');
  }

  async dispose(): Promise<void> {
    const alive = this.children.filter(child => child.exitCode === null && child.signalCode === null);
    const gone = alive.map(child => once(child, 'exit'));
    for (const child of alive) child.kill('SIGKILL');
    await Promise.all(gone);
    for (const name of this.names) execFileSync('ip', ['netns', 'del', name]);
    this.names.clear();
    rmSync(this.pages, { recursive: true, force: true });
  }
}

/** Answers each question for an A record (RFC 1035), and each other one with none. */
const nameServer = `
const [address, answer] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (question, from) => {
  const end = question.indexOf(0, 12) + 5;
  const isA = question.readUInt16BE(end - 4) === 1;
  const head = Buffer.from(question.subarray(0, end));
  [0x8180, 1, isA ? 1 : 0, 0, 0].forEach((field, at) => head.writeUInt16BE(field, 2 + 2 * at));
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...answer.split('.').map(Number)];
  socket.send(Buffer.concat([head, Buffer.from(isA ? record : [])]), from.port, from.address);
});
socket.bind(53, address);
`;
