/** What is needed once commands are run in guests, or a lab has checks. */
export { PlugFrames } from './host/frame-plugs.ts';
export { GuestShells } from './runtime/guests/guest-shells.ts';
export { GuestAnswers } from './vscode/guests/guest-answers.ts';
export { CheckTests } from './vscode/tests/check-tests.ts';
