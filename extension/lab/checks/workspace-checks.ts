import type { Lab } from '../model.ts';
import { shown } from '../names.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import { ForwardTable } from './check-host-ports.ts';
import { valueSpan } from '../reading/spans.ts';
import type { TextSpan } from '../text-span.ts';

export interface LabAtPath {
  readonly path: string;
  readonly lab: Lab;
}

/**
 * What labs of one workspace must not share, because they may run at the same time on one host.
 * Each problem is told to both labs, each with the name of the other's file. Every path has an entry.
 */
export function checkWorkspace(labs: readonly LabAtPath[]): ReadonlyMap<string, readonly Problem[]> {
  const problems = new Map(labs.map(({ path }) => [path, [] as Problem[]]));
  const tell: Tell = (path, code, span, message) =>
    problems.get(path)?.push({ code, severity: 'error', message, span });
  checkClaims(labs, nameClaims, 'lab-name-double', tell);
  checkClaims(labs, idClaims, 'id-double', tell);
  checkClaims(labs, tapClaims, 'tap-clash', tell);
  checkForwards(labs, tell);
  return problems;
}

type Tell = (path: string, code: ProblemCode, span: TextSpan, message: string) => void;

/** Something that only one lab can have. */
interface Claim {
  readonly key: string | number;
  readonly span: TextSpan;
  /** What to say to this lab if the other one has it too. */
  readonly message: (otherFile: string) => string;
}

/** The first lab with a claim is told once, however many others make the same one. */
function checkClaims(
  labs: readonly LabAtPath[],
  claimsOf: (lab: Lab) => readonly Claim[],
  code: ProblemCode,
  tell: Tell,
): void {
  const owners = new Map<string | number, { readonly path: string; readonly claim: Claim; isTold: boolean }>();
  for (const { path, lab } of labs) {
    for (const claim of claimsOf(lab)) {
      const owner = owners.get(claim.key);
      if (!owner) owners.set(claim.key, { path, claim, isTold: false });
      else if (owner.path !== path) {
        tell(path, code, claim.span, claim.message(fileOf(owner.path)));
        if (!owner.isTold) tell(owner.path, code, owner.claim.span, owner.claim.message(fileOf(path)));
        owner.isTold = true;
      }
    }
  }
}

const fileOf = (path: string): string => shown(path.split('/').at(-1) ?? path);

const nameClaims = (lab: Lab): readonly Claim[] => [
  {
    key: lab.name,
    span: lab.spans?.['name'] ?? { start: 0, end: 0 },
    message: file =>
      `${file} is a lab named "${lab.name}" too, so they cannot run together. Set another "name:" in one of them.`,
  },
];

const idClaims = (lab: Lab): readonly Claim[] =>
  lab.vms.flatMap(vm => {
    const { id } = vm;
    if (id === undefined) return [];
    const message = (file: string) =>
      `A VM of ${file} has ID ${id} too. Give VM ${shown(vm.name)} one that is free on this host.`;
    return [{ key: id, span: valueSpan(vm, 'id'), message }];
  });

const tapClaims = (lab: Lab): readonly Claim[] =>
  lab.switches.flatMap(one => {
    const name = one.tap?.interface;
    if (name === undefined) return [];
    const message = (file: string) => `A switch of ${file} has the tap interface ${name} too. Name another one.`;
    return [{ key: name, span: valueSpan(one, 'interface'), message }];
  });

/** Within one lab, the lab's own check has said it already. */
function checkForwards(labs: readonly LabAtPath[], tell: Tell): void {
  const table = new ForwardTable();
  for (const { path, lab } of labs) {
    for (const one of lab.switches) {
      one.slirp?.forward.forEach((forward, index) => {
        const other = table.add(forward, path);
        if (other === undefined || other === path) return;
        const message = `Port ${forward.hostPort} of the host is forwarded by ${fileOf(other)} too. Take another one.`;
        tell(path, 'host-port-clash', valueSpan(one, 'forward', index), message);
      });
    }
  }
}
