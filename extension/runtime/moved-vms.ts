import { baseName } from './paths.ts';

/** Where a VM went that ran here, as its script wrote it down when it was migrated (`NAME.moved`). */
export interface Move {
  /** Where ssh goes; empty: to other run-time folders of this host. */
  readonly ssh: string;
  /** The run-time folder of its lab there. */
  readonly run: string;
}

/** By VM: what was written down in a run-time folder of those that have left it. */
export type MovesFrom = (runDir: string) => ReadonlyMap<string, string>;

/** A VM may have moved on from where it went, and a hostile file may lead round in circles. */
const mostMoves = 8;

/** Undefined: it is no such file, or is not whole. */
export function readMove(text: string): Move | undefined {
  const run = /^run=(\/.*)$/m.exec(text)?.[1];
  return run === undefined ? undefined : { ssh: /^ssh=(.*)$/m.exec(text)?.[1] ?? '', run };
}

/** Whether the VM in the run-time folder `runDir` has come there from the one of its lab under one of `roots`. */
export function hasComeFrom(roots: readonly string[], runDir: string, vm: string, movesFrom: MovesFrom): boolean {
  return roots.some(root => {
    let at = `${root.replace(/\/+$/, '')}/${baseName(runDir)}`;
    for (let moves = 0; moves < mostMoves; moves += 1) {
      const move = readMove(movesFrom(at).get(vm) ?? '');
      if (move?.ssh !== '') return false;
      if (move.run === runDir) return true;
      at = move.run;
    }
    return false;
  });
}
