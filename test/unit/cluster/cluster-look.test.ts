import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { canBeInCluster, ClusterLook } from '../../../extension/runtime/cluster/cluster-look.ts';
import { UnreachableHost, type RemoteHosts } from '../../../extension/runtime/remote-ports.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';

const printed = readFileSync(path.join(import.meta.dirname, 'transcripts/crm_mon.xml'), 'utf8');
const host = '{ run: /run/kvmlab, scripts: /srv/kl, shared: [/srv/kl] }';
const text = `name: dmz\nhosts: { left: ${host}, right: ${host} }\nvms: { fw: { id: 1, host: left } }\n`;
const labOf = (yaml: string) => readLab(yaml).lab!;

/** What `crm_mon` prints at each host; undefined: it cannot be reached. */
class Hosts implements Pick<RemoteHosts, 'run'> {
  readonly answers = new Map<string, string>();
  readonly asked: string[] = [];

  run({ name }: { readonly name: string }) {
    this.asked.push(name);
    const output = this.answers.get(name);
    if (output === undefined) return Promise.reject(new UnreachableHost(`Host ${name} cannot be reached.`));
    return Promise.resolve({ code: 0, output, errors: '' });
  }
}

describe('the cluster of a lab', () => {
  const [here, hosts] = [new FakeCluster(), new Hosts()];
  const look = new ClusterLook(here, () => Promise.resolve(hosts));
  const find = async (lab = labOf(text)) => {
    hosts.asked.length = 0;
    const found = await look.find('/work/dmz.lab.yaml', lab);
    return found && { at: found.at, vms: found.status.vms.map(({ vm }) => vm) };
  };

  test('is looked for at this host and at each other one', async () => {
    expect(await find()).toBeUndefined();
    expect(hosts.asked).toEqual(['left', 'right']);
  });

  test('is asked where it answered last, and elsewhere when it answers no more', async () => {
    hosts.answers.set('right', printed);
    expect(await find()).toEqual({ at: 'right', vms: ['fw', 'web'] });

    expect(await find()).toEqual({ at: 'right', vms: ['fw', 'web'] });
    expect(hosts.asked).toEqual(['right']);

    hosts.answers.clear();
    hosts.answers.set('left', printed);
    expect(await find()).toEqual({ at: 'left', vms: ['fw', 'web'] });
    expect(hosts.asked).toEqual(['right', 'left']);
  });

  test('is one that runs VMs of the lab, rather than any that answers', async () => {
    here.answers.set('crm_mon', { printed: printed.replaceAll('kvmlab.dmz', 'kvmlab.other') });
    expect(await find()).toEqual({ at: 'left', vms: ['fw', 'web'] });

    hosts.answers.clear();
    expect(await find()).toEqual({ at: undefined, vms: [] });
  });

  test('can be only where another host could take over', () => {
    expect(canBeInCluster(labOf(text))).toBe(true);
    expect(canBeInCluster(labOf(text.replace(', host: left', '')))).toBe(false);
    expect(canBeInCluster(labOf(text.replace(`, right: ${host}`, '')))).toBe(false);
  });
});
