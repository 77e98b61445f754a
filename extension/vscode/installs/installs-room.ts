/** What is loaded with the first install script that is played, or the first recording. */
export {
  closeInstall,
  forgetScriptSecrets,
  openInstallConsole,
  openTranscript,
  pauseInstall,
  resumeInstall,
  runInstallScript,
  stopInstall,
} from './install-commands.ts';
export { installVm } from './install-vm.ts';
export { InstallDesk } from './install-desk.ts';
export { recordConsole, stopRecording } from './record-commands.ts';
export { replayOnFreshVm } from './replay-command.ts';
