import {
  commonScripts,
  hostScript,
  isReservedVmName,
  labScript,
  switchFiles,
  switchScript,
  vmFiles,
  vmScript,
} from '../layout.ts';
import type { Lab, Switch, Vm } from '../model.ts';
import { outsideScript } from '../outside.ts';
import { byteLength, isSafeName, longestName, shown } from '../names.ts';
import type { Report } from '../reading/report.ts';
import type { TextSpan } from '../text-span.ts';

/** sun_path has 108 bytes with its final NUL (unix(7)). */
const longestSocketPath = 107;

/** Where a user's labs usually have their run-time folders. */
const usualRunRoot = '/run/user/1000/kvmlab';

/** libvdeplug makes a socket `.PID-NUMBER` in the switch's folder for each plug; pids have at most seven digits. */
const longestPlug = '.4194304-00000';

/** Names become files, words in scripts and sockets. */
export function checkNames(lab: Lab, report: Report, runRoot = usualRunRoot): void {
  const folderLength = byteLength(`${runRoot}/${lab.name}/`);
  const owners = new Map([labScript, ...commonScripts, hostScript, outsideScript].map(file => [file, 'the lab']));
  for (const vm of lab.vms) {
    if (!checkName(vm, 'VM', report)) continue;
    const files = Object.values(vmFiles(vm.name));
    if (isReservedVmName(vm.name.toLowerCase())) reportReserved(vm, report);
    else if (claimFiles(vm, `VM ${vm.name}`, [vmScript(vm.name), ...files], owners, report)) {
      checkSocket(vm, folderLength + byteLength(vmFiles(vm.name).watchQmp), report);
    }
  }
  for (const one of lab.switches) {
    if (!checkName(one, 'switch', report)) continue;
    const files = Object.values(switchFiles(one.name));
    if (claimFiles(one, `switch ${one.name}`, [switchScript(one.name), ...files], owners, report)) {
      checkSocket(one, folderLength + byteLength(`${switchFiles(one.name).socket}/${longestPlug}`), report);
    }
  }
  for (const group of lab.groups) checkGroupName(group, report);
}

type Named = Pick<Vm | Switch, 'name' | 'nameSpan'>;

function checkName(thing: Named, what: string, report: Report): boolean {
  if (!isSafeName(thing.name)) {
    const rule = 'begins with a letter, digit or underscore and goes on with these, dots and dashes';
    report('bad-name', thing.nameSpan, `"${shown(thing.name)}" cannot name a ${what}. Such a name ${rule}.`);
    return false;
  }
  if (thing.name.length <= longestName) return true;
  const message = `The name of this ${what} has ${thing.name.length} characters. Shorten it to ${longestName}.`;
  report('name-too-long', thing.nameSpan, message);
  return false;
}

function reportReserved(vm: Vm, report: Report): void {
  const message = `"${vm.name}" would give its script a name that the lab needs itself. Take another name.`;
  report('bad-name', vm.nameSpan, message);
}

/**
 * Whether all these files are the thing's own. Case does not count: scripts are copied to file systems that ignore it.
 * Dots matter too: the QMP socket of a VM `fw.watch` would be the one of `fw`.
 */
function claimFiles(
  thing: Named,
  owner: string,
  files: readonly string[],
  owners: Map<string, string>,
  report: Report,
): boolean {
  for (const file of files) {
    const other = owners.get(file.toLowerCase());
    if (other === undefined || other === owner) continue;
    const message = `The file ${file} of this ${owner} would be one of ${other}. Take another name.`;
    report('bad-name', thing.nameSpan, message);
    return false;
  }
  for (const file of files) owners.set(file.toLowerCase(), owner);
  return true;
}

function checkSocket(thing: Named, length: number, report: Report): void {
  const excess = length - longestSocketPath;
  if (excess <= 0) return;
  const message = `The path of a socket of "${thing.name}" would have ${length} bytes, and ${longestSocketPath} is the most.`;
  report('name-too-long', thing.nameSpan, `${message} Shorten this name or the lab's by ${excess}.`);
}

function checkGroupName(group: { readonly name: string; readonly nameSpan: TextSpan }, report: Report): void {
  const length = byteLength(group.name);
  if (length > longestName) {
    report(
      'name-too-long',
      group.nameSpan,
      `The name of this group has ${length} bytes. Shorten it to ${longestName}.`,
    );
  } else if (shown(group.name) !== group.name || group.name.trim() !== group.name) {
    report('bad-name', group.nameSpan, 'A group has a name of one line, without blanks around it. Take another name.');
  }
}
