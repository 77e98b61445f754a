import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { LinuxProcessTable } from '../../../extension/host/process-table.ts';
import { BashScriptRunner } from '../../../extension/host/script-runner.ts';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kvmlab-run-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

async function script(...lines: readonly string[]): Promise<string> {
  const file = path.join(folder, 'it is.sh');
  await fs.writeFile(file, ['#!/bin/bash', ...lines, ''].join('\n'), { mode: 0o755 });
  return file;
}

const runner = new BashScriptRunner({ graceMs: 300 });
/** A time to sleep that no process of another run has. */
const seconds = (number: number): string => `86${number}.${process.pid}`;
const sleepers = (number: number) =>
  new LinuxProcessTable().list(['sleep']).filter(entry => entry.args[1] === seconds(number));

const until = (isTrue: () => boolean): Promise<void> => expect.poll(isTrue, { interval: 20 }).toBe(true);

describe('a script', () => {
  test('gives its code and what it wrote to both streams, in order', async () => {
    const file = await script('for n in 1 2 3; do echo "out $n"; echo "err $n" >&2; done', 'exit 3');

    expect(await runner.run(file, [])).toEqual({
      code: 3,
      output: 'out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n',
    });
  });

  test('gets its arguments as they are', async () => {
    const args = ['start', 'RAM=$(id)', ' a  b ', '', '\'"\\`', '-n', '*', 'ü\n'];
    const file = await script(`printf '%s\\0' "$@"`);

    expect((await runner.run(file, args)).output).toBe(args.map(arg => `${arg}\0`).join(''));
  });

  test('finds its input at the end', async () => {
    expect(await runner.run(await script('cat; echo done'), [])).toEqual({ code: 0, output: 'done\n' });
  });

  test('gets the environment given', async () => {
    const withRoot = new BashScriptRunner({ env: { KVMLAB_RUN_ROOT: '/t' } });

    expect((await withRoot.run(await script('echo "$KVMLAB_RUN_ROOT $HOME"'), [])).output).toBe(
      `/t ${process.env['HOME'] ?? ''}\n`,
    );
  });

  test('that writes very much keeps its end', async () => {
    const { output } = await runner.run(await script('seq 1 100000', 'echo the end'), []);

    expect(Buffer.byteLength(output)).toBe(64 * 1024);
    expect(output.endsWith('100000\nthe end\n')).toBe(true);
  });

  test('may leave something running that holds its output open', async () => {
    const file = await script(`setsid sleep ${seconds(301)} & echo started`);

    expect(await runner.run(file, [])).toEqual({ code: 0, output: 'started\n' });
    await until(() => sleepers(301).length === 1);
    process.kill(sleepers(301)[0]!.pid);
  });

  test('ended by a signal has the code that a shell gives', async () => {
    expect((await runner.run(await script('kill -KILL $$'), [])).code).toBe(137);
  });

  test('that cannot be run says why', async () => {
    const file = await script('true');
    await fs.chmod(file, 0o644);

    await expect(runner.run(path.join(folder, 'no.sh'), [])).rejects.toThrow('no.sh: it is not there');
    await expect(runner.run(file, [])).rejects.toThrow('it is.sh: it may not be executed');
  });
});

describe('calling a script off', () => {
  test('ends it and its children, but not what detached', async () => {
    const cancel = new CancelSource();
    const file = await script(
      `setsid sleep ${seconds(302)} &`,
      `timeout 99 sleep ${seconds(303)} &`,
      `sleep ${seconds(304)}`,
    );
    const run = runner.run(file, [], cancel.signal);
    await until(() => [302, 303, 304].every(one => sleepers(one).length === 1));

    cancel.cancel();
    const { code } = await run;
    await until(() => sleepers(303).length + sleepers(304).length === 0);

    expect(code).toBe(143);
    expect([sleepers(303).length, sleepers(304).length, sleepers(302).length]).toEqual([0, 0, 1]);
    process.kill(sleepers(302)[0]!.pid);
  });

  test('lets it clean up', async () => {
    const cancel = new CancelSource();
    const file = await script(`trap 'echo cleaned; exit 1' TERM`, 'echo ready', `sleep ${seconds(305)}`);
    const run = runner.run(file, [], cancel.signal);
    await until(() => sleepers(305).length === 1);

    cancel.cancel();

    expect(await run).toEqual({ code: 1, output: expect.stringContaining('cleaned') as string });
  });

  test('kills it when it does not listen', async () => {
    const cancel = new CancelSource();
    const file = await script(`trap '' TERM`, `while :; do sleep ${seconds(306)}; done`);
    const run = runner.run(file, [], cancel.signal);
    await until(() => sleepers(306).length === 1);

    cancel.cancel();

    expect((await run).code).toBe(137);
    await until(() => sleepers(306).length === 0);
    expect(sleepers(306)).toEqual([]);
  });

  test('before it began does not begin it', async () => {
    const cancel = new CancelSource();
    cancel.cancel();

    expect(await runner.run(await script(`touch "${folder}/was here"`), [], cancel.signal)).toMatchObject({
      code: 143,
    });
    expect(await fs.readdir(folder)).not.toContain('was here');
  });
});
