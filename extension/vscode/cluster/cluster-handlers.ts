import type { CommandHandlers } from '../commands.ts';
import type { Services } from '../services.ts';

const load = () => import('./cluster-commands.ts');

/** Commands on clusters of labs; what they do is loaded when the first of them is called. */
export const clusterHandlers = (services: Services) =>
  ({
    'kvmlab.haExport': async (...args) => (await import('./export-command.ts')).exportHa(services, args),
    'kvmlab.haDiff': async (...args) => (await load()).showHaDiff(services, args),
    'kvmlab.haSimulate': async (...args) => (await load()).simulateHa(services, args),
    'kvmlab.haClear': async (...args) => (await load()).clearHaFailures(services, args),
  }) satisfies Partial<CommandHandlers>;
