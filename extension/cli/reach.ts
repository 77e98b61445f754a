import { deadEndsOf, loneTagsOf, segmentsOf } from '../lab/reach.ts';
import type { DeadEnd, LoneTag, Segment, SegmentMember } from '../lab/reach.ts';
import { exitCodes, jsonOption, printJson, type Command } from './command.ts';
import { openLab, takeLabFile } from './lab-file.ts';
import { UsageError } from './arguments.ts';

export const reachCommand: Command = {
  name: 'reach',
  operands: '[FILE]',
  summary: 'Show who can reach whom on layer 2, from the lab file alone',
  details: [
    'With --json: {lab, segments: [{vlan, switches, members: [{kind, name, nic, switch, tagged}]}],',
    'deadEnds: [{wire, switch, vlan}], loneTags: [{vm, nic, switch, vlan}]}; VLAN 0 stands for ports',
    'without one.',
  ],
  options: [jsonOption],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    if (others[0] !== undefined) throw new UsageError(`${others[0]} is no lab file.`);
    const { lab } = await openLab(file, ports);
    const [segments, deadEnds, loneTags] = [segmentsOf(lab), deadEndsOf(lab), loneTagsOf(lab)];
    if (options.has('json')) printJson({ lab: lab.name, segments: segments.map(plain), deadEnds, loneTags }, ports);
    else ports.out(render(segments, deadEnds, loneTags));
    return exitCodes.done;
  },
};

const plain = ({ vlan, switches, members }: Segment) => ({
  vlan,
  switches,
  members: members.map(({ isTagged, nic, ...rest }) => ({ ...rest, nic: nic ?? null, tagged: isTagged })),
});

function render(segments: readonly Segment[], deadEnds: readonly DeadEnd[], loneTags: readonly LoneTag[]): string {
  if (segments.length === 0) return 'Nobody is plugged in anywhere.\n';
  const lines = segments.flatMap(({ vlan, switches, members }) => [
    `${vlan === 0 ? 'No VLAN' : `VLAN ${vlan}`} on ${switches.join(', ')}:`,
    ...members.map(member => `  ${wordsOf(member)}`),
  ]);
  const warnings = [
    ...deadEnds.map(
      ({ wire, switch: name, vlan }) => `Warning: wire ${wire} carries VLAN ${vlan} to ${name}, where nobody is in it.`,
    ),
    ...loneTags.map(
      ({ vm, nic, switch: on, vlan }) =>
        `Warning: ${vm} NIC ${nic} is in VLAN ${vlan} with its tag, and nobody else on ${on} is in it.`,
    ),
  ];
  return `${[...lines, ...warnings].join('\n')}\n`;
}

function wordsOf({ kind, name, nic, switch: on, isTagged }: SegmentMember): string {
  if (kind === 'uplink') return `the uplink of ${name}`;
  if (kind === 'host') return `this host, by the tap of ${name}`;
  return `${name} NIC ${nic ?? '?'} on ${on}${isTagged ? ', tagged' : ''}`;
}
