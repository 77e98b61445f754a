import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FarClusterTools } from '../../../extension/runtime/cluster/far-cluster.ts';
import { FakeRemoteHosts } from '../../support/fake-remote-hosts.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const host = { name: 'left', ssh: 'me@left' };

/** The far programs are scripts in a folder of PATH: what runs them is what runs at a real host. */
describe('Pacemaker at another host', () => {
  let folder: string;
  let hosts: FakeRemoteHosts;
  let tools: FarClusterTools;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'klfc-'));
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`).stubEnv('TMPDIR', folder);
    hosts = new FakeRemoteHosts();
    for (const name of ['left', 'right']) hosts.homes.set(name, folder);
    tools = new FarClusterTools(hosts, host);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const program = (name: string, text: string): void =>
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

  test('is asked in English, with its words and its input as they are', async () => {
    program('cibadmin', 'printf "%s|" "$LC_ALL" "$@"; cat; echo oops >&2; exit 3');

    const answer = await tools.run('cibadmin', ['--query', "a 'b' $HOME"], { input: '<cib/>' });

    expect(answer).toEqual({ code: 3, printed: "C|--query|a 'b' $HOME|<cib/>", errors: 'oops\n' });
  });

  test('gets two configurations apart, whatever is in them, and leaves no file behind', async () => {
    program('crm_diff', 'cat "$2"; echo -; cat "$4"; exit 1');

    expect(await tools.difference('<a b="ü"/>\n', '<c/>\n')).toBe('<a b="ü"/>\n-\n<c/>');
    expect(readdirSync(folder)).toEqual(['crm_diff']);
  });

  test('gives what a simulation saved in a file', async () => {
    program(
      'crm_simulate',
      'echo noise; while [ "$1" != --save-output ]; do said="$said $1"; shift; done; { echo "$said"; cat; } >"$2"',
    );

    expect(await tools.settled('<cib/>', ['left', 'right'])).toBe(
      ' --node-up left --node-up right --xml-pipe --simulate --quorum 1\n<cib/>',
    );
  });

  test('that fails says where', async () => {
    program('crm_diff', 'echo broken >&2; exit 65');

    await expect(tools.difference('', '')).rejects.toThrow('crm_diff at host left ended with exit code 65: broken');
    hosts.down.set('right', 'Connection refused');
    await expect(new FarClusterTools(hosts, { name: 'right', ssh: 'right' }).run('crm_mon', [])).rejects.toThrow(
      'Host right cannot be reached. Connection refused',
    );
  });

  test('is the cluster that commands mean by --host', async () => {
    const place = '{ run: /run/kvmlab, scripts: /srv/kl, shared: [/srv/kl] }';
    const text = `hosts: { left: ${place}, right: ${place} }\nvms: { fw: { id: 1, host: left } }\n`;
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': text });
    for (const name of ['left', 'right']) terminal.remote.homes.set(name, folder);
    program('crm_mon', `cat '${path.join(import.meta.dirname, 'transcripts/crm_mon.xml')}'`);
    program('cibadmin', 'exit 102');

    expect(await terminal.run('ha', 'status', '--host', 'right')).toBe(0);
    expect(terminal.out).toMatch(/^fw +started +left/m);
    expect(terminal.remote.runs.map(run => run.host)).toEqual(['right']);

    expect(await terminal.run('ha', 'diff', '--host', 'right')).toBe(1);
    expect(terminal.err).toContain('No cluster answers at host right');
    expect(await terminal.run('ha', 'status', '--host', 'rigt')).toBe(2);
    expect(terminal.err).toContain('Lab dmz has no host rigt. Did you mean "right"?');
    expect(await terminal.run('ha', 'status')).toBe(1);
    expect(terminal.err).toContain('--host NAME (left, right)');
  });
});
