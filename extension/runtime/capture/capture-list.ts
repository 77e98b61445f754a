import { subjectWords, type CaptureSubject } from './capture-target.ts';
import type { HostSnapshot, LabSnapshot } from '../state.ts';

export interface CaptureItem {
  readonly label: string;
  readonly description: string;
  readonly subject: CaptureSubject;
}

/** Everything that can be captured now, by its name: NICs of VMs that labs started, switches and wires. */
export function listCaptures(labs: readonly LabSnapshot[], host: HostSnapshot): readonly CaptureItem[] {
  const nics = host.vms.flatMap(({ lab, name }) => {
    const vm = labs.find(one => one.lab?.name === lab)?.lab?.vms.find(one => one.name === name);
    return (vm?.nics ?? []).map(({ number, switch: on }) =>
      item({ kind: 'nic', lab, name: name ?? '', number }, `on switch ${on}`),
    );
  });
  const switches = host.switches.map(({ lab, name }) => item({ kind: 'switch', lab, name, number: 0 }));
  const wires = host.wires.map(({ lab, name }) => item({ kind: 'wire', lab, name, number: 0 }));
  return [...nics, ...switches, ...wires];
}

const item = (subject: CaptureSubject, more = ''): CaptureItem => ({
  label: subjectWords(subject),
  description: [subject.lab === undefined ? 'no lab' : `lab ${subject.lab}`, more]
    .filter(one => one !== '')
    .join(' · '),
  subject,
});
