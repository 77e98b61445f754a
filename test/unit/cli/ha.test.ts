import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const printed = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, '../cluster/transcripts', `${name}.xml`), 'utf8');
const host = '{ run: /run/kvmlab, scripts: /srv/kl, shared: [/srv/kl] }';
const cib =
  '<cib epoch="7" num_updates="3" admin_epoch="0"><configuration><crm_config/><nodes/><resources>' +
  '<primitive id="power" class="stonith" type="external/ipmi"/></resources><constraints/></configuration></cib>';
let terminal: FakeTerminal;

beforeEach(() => {
  terminal = new FakeTerminal({
    '/work/dmz.lab.yaml': `hosts: { left: ${host}, right: ${host} }\nlocks: /srv/kl/locks\nvms: { fw: { id: 1, host: left } }\n`,
    '/work/cib.xml': cib,
  });
});

describe('kvmlab ha', () => {
  test('exports nothing without fencing, and says what to do', async () => {
    expect(await terminal.run('ha', 'export')).toBe(3);

    expect(terminal.out).toBe('');
    expect(terminal.err).toContain('There is no fencing device');
    expect(terminal.err).toContain('--fencing FILE');
  });

  test('exports with the fencing of the cluster', async () => {
    terminal.cluster.answers.set('cibadmin', { printed: cib });

    expect(await terminal.run('ha', 'export', '-o', 'part.xml')).toBe(0);

    expect(terminal.files.held.get('/work/part.xml')).toContain('<primitive id="kvmlab.dmz.fw" class="ocf"');
    expect(terminal.files.held.get('/work/part.xml')).not.toContain('stonith" type');
  });

  test('shows what would change, and changes it only when it is told to', async () => {
    terminal.cluster.answers.set('cibadmin', { printed: cib });

    expect(await terminal.run('ha', 'diff', '--cib', 'cib.xml')).toBe(0);
    expect(terminal.out).toContain('@@ added: kvmlab.dmz.fw\n+<primitive class="ocf"');
    expect(await terminal.run('ha', 'apply')).toBe(3);
    expect(terminal.cluster.runs.filter(({ args }) => args[0] === '--patch')).toEqual([]);

    terminal.cluster.answers.set('crm_verify', {});
    expect(await terminal.run('ha', 'apply', '--yes')).toBe(0);
    const patch = terminal.cluster.runs.find(({ args }) => args[0] === '--patch');
    expect(patch?.input).toContain('epoch="8" num_updates="0"');
  });

  test('gives up when the cluster changes again and again', async () => {
    terminal.cluster.answers.set('crm_verify', {});
    const run = terminal.cluster.run.bind(terminal.cluster);
    terminal.cluster.run = async (program, args, options) => {
      const answer = await run(program, args, options);
      return args[0] === '--patch' ? { ...answer, code: 103 } : { ...answer, code: 0, printed: cib };
    };

    expect(await terminal.run('ha', 'apply', '--yes')).toBe(1);
    expect(terminal.err).toContain('Somebody else is changing the cluster. Nothing was changed.');
  });

  test('shows where VMs run, what failed and who was fenced', async () => {
    terminal.cluster.answers.set('crm_mon', { printed: printed('crm_mon-fenced') });

    expect(await terminal.run('ha', 'status')).toBe(0);
    expect(terminal.out).toContain('web  started  right  right: 1× (monitor: not running)');
    expect(terminal.out).toContain('left was fenced (off): success, 2026-11-23 11:37:39Z');

    terminal.out = '';
    await terminal.run('ha', 'status', '--json');
    expect(terminal.json()).toMatchObject({ quorum: true, fencing: true, vms: [{ vm: 'fw', nodes: ['right'] }, {}] });
  });

  test('says that no cluster answers, and which host is none', async () => {
    expect(await terminal.run('ha', 'status')).toBe(1);
    expect(terminal.err).toContain('No cluster answers here');
    terminal.cluster.answers.set('crm_mon', { code: 4, printed: '<pacemaker-result/>' });
    expect(await terminal.run('ha', 'status')).toBe(1);
    expect(terminal.err).toContain('you may not ask it (be root, or in the group haclient)');
    expect(await terminal.run('ha', 'simulate', '--dies', 'middle')).toBe(2);
    expect(await terminal.run('ha', 'nothing')).toBe(2);
    expect(await terminal.run('ha', 'diff', '--cib', 'dmz.lab.yaml')).toBe(1);
    expect(terminal.err).toContain('dmz.lab.yaml is no XML');
  });

  test('tells what would happen if a host died', async () => {
    terminal.cluster.answers.set('crm_simulate', { printed: printed('crm_simulate') });

    expect(await terminal.run('ha', 'simulate', '--cib', 'cib.xml', '--dies', 'left')).toBe(0);
    expect(terminal.out).toContain('fw would be started on right, from its disk.');
  });

  test('has the cluster forget failures, of those that have any', async () => {
    terminal.cluster.answers.set('crm_mon', { printed: printed('crm_mon-fenced') }).set('crm_resource', {});

    expect(await terminal.run('ha', 'clear', 'log')).toBe(2);
    expect(await terminal.run('ha', 'clear', 'fw')).toBe(3);
    expect(await terminal.run('ha', 'clear')).toBe(0);

    expect(terminal.out).toBe('web: the cluster has forgotten its failures.\n');
    expect(terminal.cluster.runs.filter(({ program }) => program === 'crm_resource')).toMatchObject([
      { args: ['--cleanup', '--resource', 'kvmlab.dmz.web'] },
    ]);
  });

  test('prints the agent as it is installed', async () => {
    expect(await terminal.run('ha', 'agent')).toBe(0);
    expect(terminal.out).toMatch(/^#!\/bin\/bash\n# ocf:kvmlab:vm/);
  });
});
