// Programs of the host that are not npm packages, and the Debian package of each.
import { existsSync, readdirSync } from 'node:fs';
import { hasProgram, runLogged, say, succeeds, ToolError } from './process.mjs';

const forLabs = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  vde_switch: 'vde-switch',
  vde_plug: 'vdeplug',
  unixcmd: 'vde2',
  wirefilter: 'vde-wirefilter',
  telnet: 'telnet',
  pgrep: 'procps',
  ip: 'iproute2',
  flock: 'util-linux',
  xz: 'xz-utils',
};
const servers = {
  sshd: 'openssh-server',
  pacemakerd: 'pacemaker',
  corosync: 'corosync',
  'ocf-tester': 'resource-agents',
  crm_simulate: 'pacemaker-cli-utils',
};
const forTests = {
  ...forLabs,
  busybox: 'busybox-static',
  shellcheck: 'shellcheck',
  chromium: 'chromium',
  nwdiag3: 'python3-nwdiag',
  dot: 'graphviz',
  ssh: 'openssh-client',
  nft: 'nftables',
  xmllint: 'libxml2-utils',
  'fsck.vfat': 'dosfstools',
  // Where systemd runs, these packages would begin to serve all the world, or start a cluster: there tests of wires by ssh
  // and of Pacemaker are left out.
  ...(existsSync('/run/systemd/system') ? {} : servers),
};

/** Which programs each of the two commands needs. */
export const programs = { start: forLabs, test: forTests };

/** The Debian packages of those programs that are not there. */
export function missingPackages(wanted) {
  const missing = Object.entries(wanted).filter(([program]) => !hasProgram(program));
  return [...new Set(missing.map(([, name]) => name))].sort();
}

/** Installs the Debian packages that are missing, or says which line installs them. */
export async function installPrograms(wanted) {
  const missing = missingPackages(wanted);
  const isDebian = existsSync('/etc/debian_version') && hasProgram('apt-get');
  // The tiny guest is made from packages that are fetched, not installed: for that the lists must be there.
  const lacksLists = isDebian && !hasPackageLists();
  if (missing.length === 0 && !lacksLists) return;
  if (!isDebian) {
    throw new ToolError(
      `These programs are missing: ${programsOf(wanted, missing)}. Install them, then run this again.`,
    );
  }
  const prefix = rootPrefix();
  if (!prefix)
    throw new ToolError(`Debian packages are missing. Run this line, then this command again:\n  ${aptLine(missing)}`);
  say(`installing Debian packages: ${missing.join(' ') || 'none, only reading their lists'}`);
  await apt(prefix, 'apt-update', ['update', '-q']);
  if (missing.length > 0)
    await apt(prefix, 'apt-install', ['install', '-y', '-q', '--no-install-recommends', ...missing]);
}

function apt(prefix, name, args) {
  const [command, ...rest] = [...prefix, 'apt-get', ...args];
  return runLogged(name, command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

const hasPackageLists = () => readdirSync('/var/lib/apt/lists').some(name => /_Packages(\.\w+)?$/.test(name));

function aptLine(packages) {
  const install =
    packages.length > 0 ? ` && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}` : '';
  return `sudo apt-get update${install}`;
}

const programsOf = (wanted, packages) =>
  Object.keys(wanted)
    .filter(program => packages.includes(wanted[program]) && !hasProgram(program))
    .join(', ');

/** What to put before a command to run it as root, or undefined where that would need a password. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return hasProgram('sudo') && succeeds('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined;
}
