import type { CommandHandlers } from '../commands.ts';
import {
  addSwitch,
  addVm,
  addWire,
  connectNic,
  deleteFromLab,
  groupVms,
  moveNic,
  renameThing,
  setPinned,
  ungroup,
} from './edit-commands.ts';
import { setAddresses, setFileVlans } from './nic-edit-commands.ts';
import type { Services } from '../services.ts';

/** The commands that change lab files. */
export const editHandlers = (services: Services) =>
  ({
    'kvmlab.addVm': (...args) => addVm(services, args),
    'kvmlab.addSwitch': (...args) => addSwitch(services, args),
    'kvmlab.connectNic': (...args) => connectNic(services, args),
    'kvmlab.moveNic': (...args) => moveNic(services, args),
    'kvmlab.setFileVlans': (...args) => setFileVlans(services, args),
    'kvmlab.setAddresses': (...args) => setAddresses(services, args),
    'kvmlab.addWire': (...args) => addWire(services, args),
    'kvmlab.rename': (...args) => renameThing(services, args),
    'kvmlab.deleteFromLab': (...args) => deleteFromLab(services, args),
    'kvmlab.groupVms': (...args) => groupVms(services, args),
    'kvmlab.ungroup': (...args) => ungroup(services, args),
    'kvmlab.pin': (...args) => setPinned(services, true, args),
    'kvmlab.unpin': (...args) => setPinned(services, false, args),
  }) satisfies Partial<CommandHandlers>;
