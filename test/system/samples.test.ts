import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { SampleLab } from '../support/sample-lab.ts';

let sample: SampleLab | undefined;

afterEach(() => {
  sample?.dispose();
  sample = undefined;
});

interface Status {
  readonly vms: readonly { name: string; state: string; pid: number | null }[];
  readonly switches: readonly { name: string; state: string; pid: number | null }[];
}

async function status(lab: SampleLab): Promise<Status> {
  const { output } = await lab.kvmlab('status', '--json');
  return JSON.parse(output) as Status;
}

const pings = (address: string): string => `ping -c 1 -W 3 ${address} >/dev/null`;
/** On a busy machine the first answers may come too late. */
const reaches = (address: string): string => `until ${pings(address)}; do :; done`;

test('killing the command, a VM and a switch in the middle leaves nothing that a new start does not mend', async () => {
  sample = await SampleLab.open('firewall');
  for (const ms of [150, 400, 800]) {
    const begun = sample.begin('start');
    await new Promise(done => setTimeout(done, ms));
    killIfAlive(begun.pid);
    await begun.done;
  }

  expect([0, 3]).toContain((await sample.kvmlab('start')).code);
  const before = await status(sample);
  process.kill(before.vms.find(({ name }) => name === 'pc')!.pid!, 'SIGKILL');
  process.kill(before.switches.find(({ name }) => name === 'lan')!.pid!, 'SIGKILL');
  const again = await sample.kvmlab('start');

  expect(again, again.output).toMatchObject({ code: 0 });
  expect((await status(sample)).vms.every(({ state }) => state === 'running')).toBe(true);
  await expect.poll(() => processesThatMention(path.join(sample?.root ?? '', 'r/firewall/')).length).toBe(5);
  const pc = await sample.console('pc');
  await sample.console('fw');
  await sample.console('web');
  expect(await pc.run(reaches('10.1.0.80'))).toMatchObject({ code: 0 });
});

test('the same lab file gives the same bytes, and a hand edit stays', async () => {
  sample = await SampleLab.open('firewall');
  const folder = path.join(path.dirname(sample.file), 'firewall');
  const { output } = await sample.kvmlab('script');
  const first = readFileSync(path.join(folder, 'fw.sh'), 'utf8');

  const out = await sample.kvmlab('script', sample.file, '--out', path.join(sample.root, 'w/other'));

  expect(output.trim().split('\n')).toContain(path.join(folder, 'fw.sh'));
  expect(out.code).toBe(0);
  expect(readFileSync(path.join(sample.root, 'w/other/fw.sh'), 'utf8')).toBe(first);
});

test('a lab that is stopped while it boots powers off, not waiting for the end of its patience', async () => {
  sample = await SampleLab.open('firewall');
  await sample.kvmlab('start');

  const stopped = await sample.kvmlab('stop');

  expect(stopped, stopped.output).toMatchObject({ code: 0 });
  expect(stopped.output).not.toContain('did not power off');
});
