import type { CommandHandlers } from '../commands.ts';
import type { Services } from '../services.ts';

type ImageCommand =
  | 'kvmlab.fetchImages'
  | 'kvmlab.fetchAndStart'
  | 'kvmlab.createImage'
  | 'kvmlab.snapshotImage'
  | 'kvmlab.rebaseImage'
  | 'kvmlab.compactImage';

/** Commands on images; what they do is loaded when the first of them is called. */
export function imageHandlers(services: Services): Pick<CommandHandlers, ImageCommand> {
  const load = () => import('./image-commands.ts');
  return {
    'kvmlab.fetchImages': (...args) => load().then(room => room.fetchImages(services, args)),
    'kvmlab.fetchAndStart': (...args) => load().then(room => room.fetchAndStart(services, args)),
    'kvmlab.createImage': () => load().then(room => room.createImage(services)),
    'kvmlab.snapshotImage': (...args) => load().then(room => room.snapshotImage(services, args)),
    'kvmlab.rebaseImage': (...args) => load().then(room => room.rebaseImage(services, args)),
    'kvmlab.compactImage': (...args) => load().then(room => room.compactImage(services, args)),
  };
}
