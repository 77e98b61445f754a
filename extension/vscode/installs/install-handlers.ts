import type { CommandHandlers } from '../commands.ts';
import type { Services } from '../services.ts';

const load = () => import('./installs-room.ts');

/** What is done with install scripts. */
export const installHandlers = (services: Services) =>
  ({
    'kvmlab.install': async (...args) => (await load()).installVm(services, args),
    'kvmlab.runInstallScript': async (...args) => (await load()).runInstallScript(services, args),
    'kvmlab.pauseInstall': async (...args) => (await load()).pauseInstall(services, args),
    'kvmlab.resumeInstall': async (...args) => (await load()).resumeInstall(services, args),
    'kvmlab.stopInstall': async (...args) => (await load()).stopInstall(services, args),
    'kvmlab.closeInstall': async (...args) => (await load()).closeInstall(services, args),
    'kvmlab.openInstallConsole': async (...args) => (await load()).openInstallConsole(services, args),
    'kvmlab.openTranscript': async (...args) => (await load()).openTranscript(services, args),
    'kvmlab.forgetSecrets': async (...args) => (await load()).forgetScriptSecrets(services, args),
    'kvmlab.recordConsole': async (...args) => (await load()).recordConsole(services, args),
    'kvmlab.stopRecording': async () => (await load()).stopRecording(services),
    'kvmlab.replayOnFreshVm': async (...args) => (await load()).replayOnFreshVm(services, args),
  }) satisfies Partial<CommandHandlers>;
