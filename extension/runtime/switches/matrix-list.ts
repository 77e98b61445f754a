import type { LabSnapshot, RunningSwitch } from '../state.ts';
import { stateWords } from '../views/tree-node.ts';
import { targetFor, type MatrixTarget } from './vlan-matrix.ts';

/** One line of a pick list of switches whose VLANs can be looked at. */
export interface ListedMatrix {
  readonly target: MatrixTarget;
  readonly label: string;
  readonly description: string;
}

/** The switches of a lab file; without one, those of all labs, and those that run without a lab. */
export function listMatrices(
  labs: readonly LabSnapshot[],
  switches: readonly RunningSwitch[],
  lab?: string,
): readonly ListedMatrix[] {
  const asked = lab === undefined ? labs : labs.filter(one => one.path === lab);
  const ofLabs = asked.flatMap(snapshot =>
    [...snapshot.switches].map(([name, state]) => {
      const description = `${stateWords(state, name)} · lab ${snapshot.lab?.name ?? ''}`;
      return { target: { lab: snapshot.path, name, socket: '' }, label: name, description };
    }),
  );
  const others = lab === undefined ? switches.map(of => ({ of, target: targetFor(of, labs) })) : [];
  return [
    ...ofLabs,
    ...others
      .filter(({ of, target }) => target.lab === '' && of.management !== undefined)
      .map(({ of, target }) => ({ target, label: of.name, description: `no lab · ${of.socket}` })),
  ];
}
