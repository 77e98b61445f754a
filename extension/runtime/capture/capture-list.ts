import { subjectWords, type CaptureSubject } from './capture-target.ts';
import type { HostSnapshot, LabSnapshot, RunState } from '../state.ts';

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
  return [...nics, ...switches, ...wires, ...labs.flatMap(elsewhere)];
}

/** What of a lab runs on its other hosts. */
function elsewhere({ lab, vms, switches, wires }: LabSnapshot): readonly CaptureItem[] {
  const far = (states: ReadonlyMap<string, RunState>): readonly (readonly [name: string, host: string])[] =>
    [...states].flatMap(([name, state]) => (state.kind === 'running' && state.far ? [[name, state.far.host]] : []));
  const named = (kind: 'switch' | 'wire', states: ReadonlyMap<string, RunState>): readonly CaptureItem[] =>
    far(states).map(([name, host]) => item({ kind, lab: lab?.name, name, number: 0 }, `on ${host}`));
  const nics = far(vms).flatMap(([name, host]) =>
    (lab?.vms.find(vm => vm.name === name)?.nics ?? []).map(nic =>
      item({ kind: 'nic', lab: lab?.name, name, number: nic.number }, `on switch ${nic.switch} of ${host}`),
    ),
  );
  return [...nics, ...named('switch', switches), ...named('wire', wires)];
}

const item = (subject: CaptureSubject, more = ''): CaptureItem => ({
  label: subjectWords(subject),
  description: [subject.lab === undefined ? 'no lab' : `lab ${subject.lab}`, more]
    .filter(one => one !== '')
    .join(' · '),
  subject,
});
