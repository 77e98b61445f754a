import type { CommandHandlers } from '../commands.ts';
import type { Services } from '../services.ts';

const load = () => import('./snapshots-room.ts');

/** Commands on snapshots of labs; what they do is loaded when the first of them is called. */
export const snapshotHandlers = (services: Services) =>
  ({
    'kvmlab.takeSnapshot': async (...args) => (await load()).takeSnapshot(services, args),
    'kvmlab.restoreSnapshot': async (...args) => (await load()).restoreTo(services, args),
    'kvmlab.compareSnapshots': async (...args) => (await load()).compareSnapshots(services, args),
    'kvmlab.deleteSnapshot': async (...args) => (await load()).deletePoint(services, args),
    'kvmlab.exportSnapshot': async (...args) => (await load()).exportPoint(services, args),
    'kvmlab.importSnapshot': async () => (await load()).importPoint(services),
  }) satisfies Partial<CommandHandlers>;
