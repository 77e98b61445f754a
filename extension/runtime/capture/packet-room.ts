/**
 * Decoding packets, and keeping those of a live capture: a file of its own in the package, which the extension loads when
 * the first capture is shown.
 */
export { PacketSession } from './packet-session.ts';
export { captureOperands } from './capture-operands.ts';
