import type { CommandHandlers } from '../commands.ts';
import type { Services } from '../services.ts';

const loadRoom = () => import('./renew-room.ts');

type RenewHandlers = Pick<CommandHandlers, 'kvmlab.renew' | 'kvmlab.showDifferences' | 'kvmlab.adoptScripts'>;

/** The commands that bring scripts, hand edits of them and the lab file together. */
export const renewHandlers = (services: Services): RenewHandlers => ({
  'kvmlab.renew': async (...args) => (await loadRoom()).renewScripts(services, args),
  'kvmlab.showDifferences': async () => (await loadRoom()).showDifferences(services),
  'kvmlab.adoptScripts': async (...args) => (await loadRoom()).adoptScripts(services, args),
});
