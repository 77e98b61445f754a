import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { installAgent } from '../../../extension/runtime/cluster/install-agent.ts';
import type { RemoteHosts, RemoteOptions, RemoteResult } from '../../../extension/runtime/remote-ports.ts';
import { vmAgent } from '../../../extension/script/ha/agent.ts';
import { FakeRemoteHosts } from '../../support/fake-remote-hosts.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A host where somebody logs in who may or may not become root. */
class Host extends FakeRemoteHosts implements RemoteHosts {
  uid = '1000';
  installed = '';
  lets = true;
  metadata = '<resource-agent name="vm" version="1.0">';
  readonly orders: string[] = [];
  private copied = '';

  override run(
    host: { readonly name: string },
    words: readonly string[],
    options: RemoteOptions = {},
  ): Promise<RemoteResult> {
    this.runs.push({ host: host.name, words });
    const [program, , text = ''] = words;
    const result = (code: number, output = '', errors = ''): Promise<RemoteResult> =>
      Promise.resolve({ code, output, errors });
    if (program !== 'sh') {
      this.orders.push(words.join(' '));
      if (this.lets) this.installed = this.copied;
      return this.lets ? result(0) : result(1, '', 'sudo: a password is required\n');
    }
    if (text.startsWith('id -u')) return result(0, `${this.uid}\n${this.installed && digest(this.installed)}\n`);
    if (words.includes('crm_resource')) return result(this.metadata === '' ? 1 : 0, this.metadata, 'not found\n');
    this.copied = typeof options.input === 'string' ? options.input : '';
    return result(0);
  }
}

const labHost = { name: 'left', ssh: 'me@left', run: undefined, scripts: '/srv/my labs/', shared: [] };
const place = { start: 0, end: 0 };
const left = { ...labHost, nameSpan: place, span: place };
const line = `ssh -t me@left 'sudo install -D -m 755 '\\''/srv/my labs/ocf-kvmlab-vm'\\'' /usr/lib/ocf/resource.d/kvmlab/vm'`;

describe('the agent at a host', () => {
  test('is only copied, with the line for root, until somebody asks for more', async () => {
    const host = new Host();

    expect(await installAgent(host, left, false)).toEqual({ state: 'copied', line });
    expect(host.orders).toEqual([]);
  });

  test('is installed by sudo, or by whoever is root, and then Pacemaker has to find it', async () => {
    const host = new Host();

    expect(await installAgent(host, left, true)).toMatchObject({ state: 'installed' });
    expect(host.orders).toEqual([
      'sudo -n install -D -m 755 /srv/my labs/ocf-kvmlab-vm /usr/lib/ocf/resource.d/kvmlab/vm',
    ]);
    expect(host.installed).toBe(vmAgent);
    expect(await installAgent(host, left, true)).toMatchObject({ state: 'there' });

    const [root, lost] = [new Host(), new Host()];
    root.uid = '0';
    await installAgent(root, left, true);
    expect(root.orders[0]).toMatch(/^install -D/);
    lost.metadata = '';
    await expect(installAgent(lost, left, true)).rejects.toThrow('does not find it: not found');
  });

  test('stays away where sudo wants a password: that is told, with the line', async () => {
    const host = new Host();
    host.lets = false;

    const failing = installAgent(host, left, true);

    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(`sudo: a password is required. Run: ${line}`);
  });

  test('is told host by host; one that cannot be reached keeps no other from it', async () => {
    const folder = '{ scripts: /srv/kl }';
    const terminal = new FakeTerminal({
      '/work/dmz.lab.yaml': `hosts: { left: ${folder}, right: ${folder} }\nvms: { fw: { id: 1, host: left } }\n`,
    });
    terminal.remote.down.set('left', 'No route to host').set('right', 'Connection refused');

    expect(await terminal.run('ha', 'install', '--json')).toBe(1);
    expect(terminal.json()).toEqual([
      { host: 'left', failure: 'Host left cannot be reached. No route to host' },
      { host: 'right', failure: 'Host right cannot be reached. Connection refused' },
    ]);
    expect(await terminal.run('ha', 'install', 'middle')).toBe(2);
  });
});
