import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { cliPath } from '../support/konnect-process.ts';
import { endAndRemove } from '../support/own-processes.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';

const root = mkdtempSync(path.join(tmpdir(), 'kil-'));
afterAll(() => endAndRemove(root));
const made: (() => void)[] = [];
afterEach(() => {
  for (const end of made.splice(0)) end();
});

function play(
  script: string,
  target: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string; err: string }> {
  writeFileSync(path.join(root, 'one.install.yaml'), script);
  const words = [cliPath, 'tn-inst', 'one.install.yaml', target];
  return new Promise(resolve => {
    const options = { cwd: root, env: { ...process.env, KVMLAB_RUN_ROOT: path.join(root, 'run'), ...env } };
    const child = execFile(process.execPath, words, options, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** A machine behind telnet: it asks for an option, and says whom it took for what. */
function greeter(socket: Socket): void {
  let name = '';
  socket.write(Buffer.from([0xff, 0xfb, 0x01, 0xff, 0xfd, 0x18]));
  socket.write('Welcome\r\nlogin: ');
  socket.on('error', () => undefined);
  socket.on('data', bytes => {
    name += bytes.toString('latin1');
    const [, typed] = /(\w+)\r/.exec(name) ?? [];
    if (typed !== undefined) socket.write(`\r\nYou are ${typed}.\r\n`);
    name = typed === undefined ? name : '';
  });
}

test('a script plays at any telnet line, which hangs up in the middle of another one', async () => {
  const server = createServer(greeter).listen(0, '127.0.0.1');
  made.push(() => server.close());
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const script = "steps: [{ expect: 'login: ', send: me }, { expect: '/^You are (?<who>\\w+)\\./' }]\n";
  expect(await play(script, `127.0.0.1:${port}`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('You are me.') as string,
  });

  server.on('connection', socket => socket.end('bye'));
  const { code, err } = await play(
    "steps: [{ expect: 'login: ', send: me }, { expect: no, timeout: 2s }]\n",
    `localhost:${port}`,
  );
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/one.install.yaml:1: step \d .*(did not come within 2 s|failed)/),
  ]);
});

test.skipIf(!hasSshServer)('a script plays by the ssh of the user, which sees no secret of ours', async () => {
  const host = await SshHost.start(path.join(root, 'other'));
  made.push(() => host.dispose());
  // As a user's own configuration: the name `other` and its keys.
  writeFileSync(
    path.join(root, 'ssh'),
    `#!/bin/sh\nexport -p | grep -c sesame >&2\nexec /usr/bin/ssh -F '${host.config}' "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const script = `
vars: { word: { secret: true } }
steps:
  - { send: "stty -echo; PS1='ready> '" }
  - { expect: '/^ready> $/', timeout: 60s, send: "printf 'word? '; read word" }
  - { expect: '/^word\\? $/', send: '\${word}' }
  - { expect: 'ready> ', send: 'echo "$word, \${SSH_CONNECTION:+by} ssh" | tr a-z A-Z' }
  - { expect: ', BY SSH', send: exit }
`.replace('${SSH', () => '$${SSH');
  const env = { PATH: `${root}:${process.env['PATH'] ?? ''}`, KVMLAB_SECRET_WORD: 'sesame' };
  const { code, out, err } = await play(script, 'ssh://other', env);

  expect([code, code === 0 ? '' : `${out}\n${err}`]).toEqual([0, '']);
  expect(out).toContain('SESAME, BY SSH');
  expect(out).toMatch(/^0$/m);
});
