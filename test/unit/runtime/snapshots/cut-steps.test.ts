import { describe, expect, test } from 'vitest';
import { deleteSnapshot } from '../../../../extension/runtime/snapshots/delete-snapshot.ts';
import { mendPoints } from '../../../../extension/runtime/snapshots/mend-points.ts';
import { saveSnapshot } from '../../../../extension/runtime/snapshots/save-snapshot.ts';
import { findPoint } from '../../../../extension/runtime/snapshots/snapshot-parts.ts';
import { SnapshotWorld } from '../../../support/snapshot-world.ts';

const save = (world: SnapshotWorld, name: string, life = { steps: Infinity }) =>
  saveSnapshot(world.of, { name, note: '', files: world.labFiles }, world.worker(life));

/** Kills it after each step that it takes, one after the other, and looks at what is there after the next command. */
async function cutEverywhere(
  prepare: (world: SnapshotWorld) => Promise<unknown>,
  work: (world: SnapshotWorld, life: { steps: number }) => Promise<unknown>,
): Promise<number> {
  for (let steps = 0; ; steps += 1) {
    const world = new SnapshotWorld();
    await prepare(world);
    const isDone = await work(world, { steps }).then(
      () => true,
      () => false,
    );

    await mendPoints(world.of, world.worker({ steps: Infinity }));

    expect(world.isRunning, `killed after ${steps} steps`).toBe(true);
    expect(world.having('point.json'), `killed after ${steps} steps`).toEqual(world.folders);
    expect([...world.tags].sort(), `killed after ${steps} steps`).toEqual(world.folders.map(name => `lab.${name}`));
    expect(world.folders).not.toContain(expect.stringMatching(/^\./));
    await save(world, 'after');
    if (isDone) return steps;
  }
}

describe('killed after any of its steps', () => {
  test('a save leaves a VM that goes on, and a whole point or none', async () => {
    const steps = await cutEverywhere(
      world => save(world, 'first'),
      (world, life) => save(world, 'second', life),
    );

    expect(steps).toBeGreaterThan(20);
  });

  test('a delete leaves the point whole or gone, also in the disk', async () => {
    const steps = await cutEverywhere(
      async world => {
        await save(world, 'first');
        await save(world, 'second');
      },
      async (world, life) => {
        const parts = world.worker({ steps: Infinity });
        await deleteSnapshot(world.of, await findPoint(world.of, 'first', parts), world.worker(life));
      },
    );

    expect(steps).toBeGreaterThan(5);
  });

  test('a command that mends can be killed as well, and the one after it mends', async () => {
    for (const steps of [4, 8, 12, 14, 16, 18, 20, 22, 24]) {
      await cutEverywhere(
        async world => {
          await save(world, 'first');
          await expect(save(world, 'second', { steps })).rejects.toThrow();
        },
        (world, life) => save(world, 'third', life),
      );
    }
  });
});
