import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GuestConsole } from '../support/guest-console.ts';
import { SampleLab } from '../support/sample-lab.ts';
import { until } from '../support/vscode/until.ts';

/** Who sends lines to whom, over one TCP connection each; that from pc goes through fw. */
const flows = [
  ['pc', 'web', '10.1.0.80'],
  ['web', 'fw', '10.1.0.1'],
  ['fw', 'pc', '192.168.10.20'],
] as const;
const names = flows.map(([name]) => name);
type Name = (typeof names)[number];

let lab: SampleLab;
/** What each VM was known by when the snapshot was taken. */
let known: readonly string[] = [];
let guests: Readonly<Record<Name, GuestConsole>>;

beforeAll(async () => {
  lab = await SampleLab.open('firewall');
  // A disk that a VM writes into, to see it go back.
  const text = readFileSync(lab.file, 'utf8');
  writeFileSync(
    lab.file,
    text.replace('    description: Serves a page on port 80\n', '$&    disks: [{ file: web.qcow2, size: 64M }]\n'),
  );
  await done('start');
  await open();
});
afterAll(() => lab.dispose());

/** The console of a VM that came back is a new connection. */
async function open(): Promise<void> {
  guests = { pc: await lab.console('pc'), web: await lab.console('web'), fw: await lab.console('fw') };
}

const close = (): void => Object.values(guests).forEach(guest => guest.close());

/** Runs a command that has to succeed. */
async function done(...words: readonly string[]): Promise<void> {
  const { code, output } = await lab.kvmlab(...words);
  expect(code, output).toBe(0);
}

const archive = (): string => path.join(lab.root, 'busy.tar');

/** How many lines have come over the connection to a VM. */
async function received(vm: Name): Promise<number> {
  const { output } = await guests[vm].run('wc -l < /tmp/got');
  return Number(output);
}

/** Its boot, and its processes that hold connections: their pids and the moments of their starts. */
const identities = (): Promise<readonly string[]> =>
  Promise.all(
    names.map(async vm => {
      const { output } = await guests[vm].run(
        'cat /proc/sys/kernel/random/boot_id; for p in $(pidof nc); do cut -d" " -f1,22 /proc/$p/stat; done',
      );
      return output;
    }),
  );

/** On every connection more lines come than there are. */
async function goOn(): Promise<void> {
  const before = await Promise.all(names.map(received));
  const more = names.map((vm, at) =>
    until(`the connection to ${vm} to go on`, async () => (await received(vm)) > (before[at] ?? 0) + 3),
  );
  await Promise.all(more);
}

/** What has come over each connection is all that was sent, in order, with no line lost and none twice. */
async function requireWhole(): Promise<void> {
  const wrong = names.map(vm =>
    guests[vm].run('cp /tmp/got /tmp/seen; awk \'$2 != NR { print "wrong line", NR, $0 }\' /tmp/seen'),
  );
  expect((await Promise.all(wrong)).map(({ output }) => output)).toEqual(['', '', '']);
}

const disk = async (): Promise<string> => (await guests.web.run('head -c 4 /dev/vda')).output;

/** Of what a guest would see of an image, the first four bytes. */
function firstBytes(image: string): string {
  const raw = path.join(lab.root, 'content');
  execFileSync('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', image, raw]);
  const content = readFileSync(raw, 'latin1').slice(0, 4);
  rmSync(raw);
  return content;
}

const points = async (): Promise<readonly { readonly name: string; readonly parent?: string }[]> => {
  const { output } = await lab.kvmlab('snapshot', 'list', '--json');
  return (JSON.parse(output) as { readonly snapshots: readonly { readonly name: string; readonly parent?: string }[] })
    .snapshots;
};

describe('a snapshot of a running lab under traffic', () => {
  test('keeps VMs, their disks and their connections, and gives them back after all was destroyed', async () => {
    for (const vm of names)
      await guests[vm].run(
        "sh -c 'sleep 99999 | nc -l -p 9000 >/tmp/got &'; while ! netstat -tln | grep -q :9000; do sleep 0.1; done",
      );
    for (const [vm, , address] of flows)
      await guests[vm].run(
        `sh -c '{ n=0; while :; do n=$((n+1)); echo line $n; sleep 0.1; done | nc ${address} 9000; } &'`,
      );
    await goOn();
    await guests.web.run('echo then > /dev/vda; sync');
    known = await identities();

    await done('snapshot', 'save', 'busy', '--note', 'under traffic');

    await goOn();
    await guests.web.run('echo later > /dev/vda; sync');
    close();
    await done('kill');
    expect((await lab.kvmlab('status', '--json')).output).not.toContain('"running"');

    await done('snapshot', 'restore', 'busy');

    await open();
    expect(await identities()).toEqual(known);
    expect(known.map(one => one.split('\n').length)).toEqual([3, 3, 3]);
    expect(await disk()).toBe('then');
    await goOn();
    await requireWhole();
    expect(await points()).toMatchObject([{ name: 'busy' }]);
    await done('snapshot', 'export', 'busy', archive());
    expect(await lab.kvmlab('snapshot', 'export', 'busy', archive())).toMatchObject({
      code: 1,
      output: expect.stringContaining('is there already') as string,
    });
  });

  test('refuses another machine and a changed lab file, and puts the file back when told to', async () => {
    const text = readFileSync(lab.file, 'utf8');
    writeFileSync(lab.file, text.replace('memory: 96M', 'memory: 128M'));

    const refused = await lab.kvmlab('snapshot', 'restore', 'busy');

    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining('changed since the snapshot busy') as string,
    });
    expect(await disk()).toBe('then');
    writeFileSync(lab.file, text);
    const script = path.join(path.dirname(lab.file), 'firewall/web.sh');
    const generated = readFileSync(script, 'utf8');
    writeFileSync(script, generated.replace('RAM=96M', 'RAM=112M'));
    expect(await lab.kvmlab('snapshot', 'restore', 'busy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('"112M" where it said "96M". Nothing was done.') as string,
    });
    expect(await disk()).toBe('then');
    writeFileSync(script, generated);
    writeFileSync(lab.file, text.replace('memory: 96M', 'memory: 128M'));
    close();
    await done('snapshot', 'restore', 'busy', '--files');
    expect(readFileSync(lab.file, 'utf8')).toBe(text);
    expect(readFileSync(`${lab.file}.before-busy`, 'utf8')).toContain('128M');
    await open();
  });

  test('is taken again, shown as a tree, compared and deleted while VMs run', async () => {
    await done('snapshot', 'save', 'second');
    expect(await points()).toMatchObject([{ name: 'busy' }, { name: 'second', parent: 'busy' }]);
    expect((await lab.kvmlab('snapshot', 'list')).output).toMatch(/^busy .*under traffic\n {2}second \*/m);
    expect(await lab.kvmlab('snapshot', 'save', 'second')).toMatchObject({ code: 1 });

    await done('snapshot', 'delete', 'busy');

    expect(await points()).toMatchObject([{ name: 'second' }]);
    const folder = path.join(path.dirname(lab.file), 'firewall/snapshots');
    expect(readdirSync(folder).sort()).toEqual(['.lock', 'current', 'second']);
    expect(await disk()).toBe('then');
  });

  test('is added to the lab that it came from by its archive, which overwrites nothing', async () => {
    const [image, other] = [path.join(path.dirname(lab.file), 'web.qcow2'), path.join(lab.root, 'w/other.lab.yaml')];
    const running = await lab.kvmlab('snapshot', 'import', archive(), lab.file);
    expect(running).toMatchObject({ code: 1, output: expect.stringContaining('web of lab firewall runs') as string });
    await guests.web.run('echo here | dd of=/dev/vda conv=fsync 2>/dev/null');
    close();
    await done('kill');
    const text = readFileSync(lab.file, 'utf8');
    writeFileSync(other, text.replaceAll('web.qcow2', 'www.qcow2'));
    expect(await lab.kvmlab('snapshot', 'import', archive(), other)).toMatchObject({
      code: 1,
      output: expect.stringContaining('does not fit lab firewall: web has no disk web.qcow2 here.') as string,
    });
    rmSync(other);
    const before = { files: readdirSync(path.dirname(lab.file)).sort(), content: firstBytes(image) };

    await done('snapshot', 'import', archive(), lab.file);

    expect({ files: readdirSync(path.dirname(lab.file)).sort(), content: firstBytes(image) }).toEqual(before);
    expect(before.content).toBe('here');
    expect(await points()).toMatchObject([{ name: 'busy' }, { name: 'second', parent: 'busy' }]);
    expect(await lab.kvmlab('snapshot', 'import', archive(), lab.file)).toMatchObject({
      code: 1,
      output: expect.stringContaining('has a snapshot busy already. Nothing was imported.') as string,
    });
    await done('snapshot', 'import', archive(), lab.file, '--as', 'once-more');
    await done('snapshot', 'restore', 'once-more');
    await open();
    expect(await identities()).toEqual(known);
    expect(await disk()).toBe('then');
    await goOn();
    await requireWhole();
    await done('snapshot', 'delete', 'once-more');
    await done('snapshot', 'delete', 'busy');
  });

  test('says before anything happens which disk cannot keep a snapshot', async () => {
    close();
    await done('kill');
    const text = readFileSync(lab.file, 'utf8');
    writeFileSync(lab.file, text.replace('web.qcow2', 'web.raw'));
    writeFileSync(path.join(path.dirname(lab.file), 'web.raw'), Buffer.alloc(1 << 20));

    const refused = await lab.kvmlab('snapshot', 'save', 'third');

    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('web.raw of web') as string });
    expect(existsSync(path.join(path.dirname(lab.file), 'firewall/snapshots/third'))).toBe(false);
  });

  test('is brought back in another folder from an archive, with disks, guest and connections', async () => {
    const folder = path.join(lab.root, 'other');
    const file = path.join(folder, path.basename(lab.file));
    rmSync(path.dirname(lab.file), { recursive: true });
    mkdirSync(path.dirname(lab.file));

    await done('snapshot', 'import', archive(), folder);

    const listed = await lab.kvmlab('snapshot', 'list', file, '--json');
    expect(JSON.parse(listed.output)).toMatchObject({ snapshots: [{ name: 'busy', isCurrent: true }] });
    await done('snapshot', 'restore', file, 'busy');
    await open();
    expect(await identities()).toEqual(known);
    expect(await disk()).toBe('then');
    await goOn();
    await requireWhole();
    await done('snapshot', 'delete', file, 'busy');
  });
});
