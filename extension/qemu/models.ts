/** What one QEMU can make, by the names that its command line takes. */
export interface QemuModels {
  readonly machines: readonly QemuModel[];
  readonly cpus: readonly QemuModel[];
  readonly devices: readonly QemuDevice[];
}

interface QemuModel {
  readonly name: string;
  readonly description: string;
}

interface QemuDevice extends QemuModel {
  /** The heading that QEMU lists it under: `Network devices`. */
  readonly group: string;
}

/** What the three ask for, in the order in which `readModels` takes the answers. */
export const modelQuestions = [
  ['-machine', 'help'],
  ['-cpu', 'help'],
  ['-device', 'help'],
] as const;

export function readModels([machines, cpus, devices]: readonly [string, string, string]): QemuModels {
  return { machines: readMachines(machines), cpus: readCpus(cpus), devices: readDevices(devices) };
}

/** `pc-i440fx-7.2          Standard PC (i440FX + PIIX, 1996) (default)` under a heading. */
function readMachines(text: string): readonly QemuModel[] {
  return lines(text).flatMap(line => {
    const [, name, description = ''] = /^([\w.-]+)\s+(\S.*)$/.exec(line) ?? [];
    return name === undefined || line.endsWith(':') ? [] : [{ name, description: description.trim() }];
  });
}

/** `x86 Skylake-Client        (alias …)`, without `x86` in newer versions; then come the names of CPU features. */
function readCpus(text: string): readonly QemuModel[] {
  return lines(text.split('Recognized', 1)[0] ?? '').flatMap(line => {
    const [, name, description = ''] = /^(?:x86| ) +(\S+)\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, description }];
  });
}

/** `name "e1000", bus PCI, alias "e1000-82540em", desc "Intel Gigabit Ethernet"` under headings. */
function readDevices(text: string): readonly QemuDevice[] {
  let group = '';
  return lines(text).flatMap(line => {
    const [, heading] = /^(\S.*):$/.exec(line) ?? [];
    if (heading !== undefined) group = heading;
    const [, name] = /^name "([^"]+)"/.exec(line) ?? [];
    const [, description = ''] = /desc "(.*)"$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, description, group }];
  });
}

/** Answers are data of a program that the user installed; more than this is no list of models. */
const mostLines = 5000;
const lines = (text: string): readonly string[] => text.split('\n', mostLines).map(line => line.trimEnd());
