import type { CommandHandlers } from '../commands.ts';
import type { Services } from '../services.ts';

type StickCommand = 'kvmlab.newStick' | 'kvmlab.plugStick' | 'kvmlab.pullStick' | 'kvmlab.unpackStick';

/** Commands on USB sticks; what they do is loaded when the first of them is called. */
export function stickHandlers(services: Services): Pick<CommandHandlers, StickCommand> {
  const load = () => import('./stick-commands.ts');
  return {
    'kvmlab.newStick': async folder => {
      await (await load()).newStick(services, folder);
    },
    'kvmlab.plugStick': async (...args) => (await load()).plugStick(services, args),
    'kvmlab.pullStick': async (...args) => (await load()).pullStick(services, args),
    'kvmlab.unpackStick': async (...args) => (await load()).unpackStick(services, args),
  };
}
