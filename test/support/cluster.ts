import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Namespaces } from './namespaces.ts';
import { endAndRemove, killIfAlive } from './own-processes.ts';
import { hasPacemaker } from './ocf-agent.ts';
import type { ScriptRun } from './script-lab.ts';
import { until } from './vscode/until.ts';

const support = import.meta.dirname;
/** Namespaces need root; Pacemaker is installed only where that starts nothing. */
export const canCluster =
  hasPacemaker && ['corosync', 'sshd'].every(name => existsSync(`/usr/sbin/${name}`)) && process.getuid?.() === 0;

export const clusterNodes = ['left', 'right'] as const;
export type ClusterNode = (typeof clusterNodes)[number];
const addresses: Readonly<Record<ClusterNode, string>> = { left: '10.99.0.1', right: '10.99.0.2' };

/**
 * A cluster of two nodes on this machine: real corosync and pacemaker, each in namespaces of its own (network, processes,
 * mounts, host name), with its own machine-id and boot id. They share the disk of this machine, and a power switch that
 * cuts a node dead. Needs root.
 */
export class TestCluster {
  /** What all nodes see, at the same path. */
  readonly shared = mkdtempSync(path.join(tmpdir(), 'klha-'));
  /** Nodes whose power was cut, in that order. */
  readonly cuts: ClusterNode[] = [];
  private readonly namespaces = new Namespaces();
  private readonly names = new Map<ClusterNode, string>();
  private readonly nodes = new Map<ClusterNode, ChildProcess>();
  private readonly dead = new Set<ClusterNode>();
  private readonly powerSwitch: NodeJS.Timeout;

  constructor() {
    // The daemons of Pacemaker are not all root.
    chmodSync(this.shared, 0o755);
    // Of resource agents there are none yet.
    for (const folder of ['etc', 'resource.d', 'fencing', 'power']) mkdirSync(this.file(folder));
    writeFileSync(this.file('fencing/power'), fencePlugin(this.file('power')), { mode: 0o755 });
    writeFileSync(this.file('etc/corosync.conf'), corosyncConfig);
    writeFileSync(
      this.file('hosts'),
      `127.0.0.1 localhost\n${clusterNodes.map(name => `${addresses[name]} ${name}\n`).join('')}`,
    );
    writeFileSync(this.file('cib.xml'), firstCib);
    this.makeKeys();
    // Whoever fences writes a file, and waits until it is gone.
    this.powerSwitch = setInterval(() => this.cutWhoeverIsFenced(), 50);
  }

  /** Joins the two by a wire and starts both; over when both are online. */
  async start(): Promise<void> {
    for (const name of clusterNodes) this.names.set(name, this.namespaces.make(name));
    this.namespaces.join(this.namespace('left'), 'eth0', this.namespace('right'), 'eth0');
    for (const name of clusterNodes) {
      this.namespaces.must(this.namespace(name), `ip addr add ${addresses[name]}/24 dev eth0`);
    }
    await Promise.all(clusterNodes.map(name => this.boot(name)));
    await this.bothOnline('left');
  }

  /** Waits until a node sees both. */
  async bothOnline(name: ClusterNode): Promise<void> {
    let seen = '';
    const ask = (): Promise<boolean> => {
      seen = this.at(name, ['crm_mon', '-1']).output;
      return Promise.resolve(seen.includes('Online: [ left right ]'));
    };
    await until(() => `both nodes to be online; ${name} says: ${seen}`, ask, { timeoutMs: 180_000 });
  }

  /** Starts a node, as anew: with another boot id. */
  async boot(name: ClusterNode): Promise<void> {
    const folder = this.file(name);
    mkdirSync(folder, { recursive: true });
    rmSync(path.join(folder, 'up'), { force: true });
    if (!existsSync(path.join(folder, 'machine-id'))) {
      writeFileSync(path.join(folder, 'machine-id'), `${randomUUID().replaceAll('-', '')}\n`);
    }
    writeFileSync(path.join(folder, 'boot_id'), `${randomUUID()}\n`);
    const unshare = ['unshare', '-m', '-u', '-i', '-p', '-f', '--kill-child', '--mount-proc'];
    const words = [...unshare, 'bash', path.join(support, 'cluster-node.sh'), name, folder, this.shared];
    this.dead.delete(name);
    this.nodes.set(name, this.namespaces.begin(this.namespace(name), words));
    await until(`node ${name} to boot`, () => Promise.resolve(existsSync(path.join(folder, 'up'))));
  }

  /** Runs a program at a node to its end. */
  at(name: ClusterNode, words: readonly string[], input = ''): ScriptRun {
    const init = this.init(name);
    if (init === undefined) return { code: -1, output: `${name} has no power.` };
    const all = ['-t', String(init), '-m', '-u', '-i', '-n', '-p', '--', 'env', `PATH=${pathOfRoot}`, ...words];
    const run = spawnSync('nsenter', all, { input, encoding: 'utf8' });
    return { code: run.status ?? -1, output: run.stdout + run.stderr };
  }

  /** As `at`, for what must succeed; gives what it printed. */
  must(name: ClusterNode, words: readonly string[], input = ''): string {
    const { code, output } = this.at(name, words, input);
    if (code !== 0) throw new Error(`${words.join(' ')} at ${name} ended with ${code}: ${output}`);
    return output;
  }

  /** Pulls the wire between the two out, or puts it in again. */
  wire(state: 'up' | 'down'): void {
    this.namespaces.must(this.namespace('left'), `ip link set eth0 ${state}`);
  }

  /** Cuts the power: every process of the node is gone at once. */
  cut(name: ClusterNode): void {
    const init = this.hasPower(name) ? this.init(name) : undefined;
    if (init === undefined) return;
    killIfAlive(init);
    this.dead.add(name);
    this.cuts.push(name);
  }

  private hasPower(name: ClusterNode): boolean {
    return !this.dead.has(name) && this.init(name) !== undefined;
  }

  file(name: string): string {
    return path.join(this.shared, name);
  }

  async dispose(): Promise<void> {
    clearInterval(this.powerSwitch);
    for (const name of clusterNodes) this.cut(name);
    await this.namespaces.dispose();
    endAndRemove(this.shared);
  }

  /** Root of a node logs in at the other one as itself. */
  private makeKeys(): void {
    mkdirSync(this.file('ssh'), { mode: 0o700 });
    mkdirSync('/root/.ssh', { recursive: true, mode: 0o700 });
    for (const name of ['ssh/id_ed25519', 'host_key']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.file(name)]);
    }
    copyFileSync(this.file('ssh/id_ed25519.pub'), this.file('ssh/authorized_keys'));
    const hostKey = readFileSync(this.file('host_key.pub'), 'utf8');
    writeFileSync(this.file('ssh/known_hosts'), clusterNodes.map(name => `${name} ${hostKey}`).join(''));
    writeFileSync(this.file('sshd_config'), sshdConfig(this.file('host_key'), this.file('ssh/authorized_keys')));
  }

  /** Orders are taken one by one, and one of a node that is dead by then is none: two never cut each other. */
  private cutWhoeverIsFenced(): void {
    for (const name of clusterNodes) {
      const order = path.join(this.shared, 'power', name);
      if (!existsSync(order)) continue;
      const orderer = clusterNodes.find(one => one === readFileSync(order, 'utf8').trim());
      if (orderer === undefined || this.hasPower(orderer)) this.cut(name);
      rmSync(order, { force: true });
    }
  }

  private namespace(name: ClusterNode): string {
    return this.names.get(name) ?? '';
  }

  /** Process 1 of a node, as this machine numbers it. */
  private init(name: ClusterNode): number | undefined {
    const outer = this.nodes.get(name)?.pid;
    if (outer === undefined) return undefined;
    try {
      const [inner] = readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').split(' ');
      return inner ? Number(inner) : undefined;
    } catch {
      return undefined;
    }
  }
}

const sshdConfig = (hostKey: string, keys: string): string =>
  [
    ...[`HostKey ${hostKey}`, `AuthorizedKeysFile ${keys}`, 'PidFile /run/sshd.pid', 'StrictModes no', 'UsePAM no'],
    ...['PermitRootLogin prohibit-password', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', ''],
  ].join('\n');

const pathOfRoot = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Nobody is in a hurry to call the other one dead: this machine may be busy. */
const corosyncConfig = `totem {
  version: 2
  cluster_name: kvmlab-test
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: 10000
}
nodelist {
${clusterNodes.map((name, at) => `  node {\n    ring0_addr: ${addresses[name]}\n    name: ${name}\n    nodeid: ${at + 1}\n  }`).join('\n')}
}
quorum {
  provider: corosync_votequorum
  two_node: 1
}
logging {
  to_syslog: no
  to_stderr: yes
}
`;

/** The fencing devices of both nodes. Who is to be fenced last has a head start, so that two do not fence each other. */
const firstCib = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="cib-bootstrap-options">
        <nvpair id="opt-stonith-enabled" name="stonith-enabled" value="true"/>
        <nvpair id="opt-stonith-action" name="stonith-action" value="off"/>
        <nvpair id="opt-dc-deadtime" name="dc-deadtime" value="2s"/>
      </cluster_property_set>
    </crm_config>
    <nodes/>
    <resources>
${clusterNodes.map(fenceDevice).join('\n')}
    </resources>
    <constraints/>
    <rsc_defaults>
      <meta_attributes id="stay">
        <nvpair id="stay-stickiness" name="resource-stickiness" value="1000"/>
      </meta_attributes>
    </rsc_defaults>
    <op_defaults>
      <meta_attributes id="patience">
        <nvpair id="patience-timeout" name="timeout" value="120s"/>
      </meta_attributes>
    </op_defaults>
  </configuration>
  <status/>
</cib>
`;

function fenceDevice(name: ClusterNode): string {
  const values = { hostlist: name, pcmk_delay_base: name === 'left' ? '8s' : '0s' };
  const pairs = Object.entries(values).map(
    ([key, value]) => `          <nvpair id="power-${name}-${key}" name="${key}" value="${value}"/>`,
  );
  return `      <primitive id="power-${name}" class="stonith" type="external/power">
        <instance_attributes id="power-${name}-attributes">
${pairs.join('\n')}
        </instance_attributes>
      </primitive>`;
}

/** A plugin of Linux-HA's stonith that asks the power switch of the test, and waits for it to be done. */
const fencePlugin = (orders: string): string => `#!/bin/bash
parameters='<parameters><parameter name="hostlist" required="1"><content type="string"/></parameter></parameters>'
case $1 in
  gethosts) tr ', ' '\\n\\n' <<<"$hostlist" ;;
  off | reset)
    uname -n >"/run/order-$2"
    cp "/run/order-$2" '${orders}'/".$2" && mv '${orders}'/".$2" '${orders}'/"$2"
    for ((try = 0; try < 500; try++)); do
      [[ -e '${orders}'/$2 ]] || exit 0
      sleep 0.1
    done
    exit 1
    ;;
  on | status) exit 0 ;;
  getconfignames) echo hostlist ;;
  getinfo-devid | getinfo-devname) echo 'power switch of a test' ;;
  getinfo-devdescr) echo 'Cuts a node of a test dead.' ;;
  getinfo-devurl) echo 'http://localhost/' ;;
  getinfo-xml) echo "$parameters" ;;
  *) exit 1 ;;
esac
`;
