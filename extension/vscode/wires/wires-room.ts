/** What is loaded with the first panel of a wire. */
export { WireActions } from '../../runtime/wires/wire-actions.ts';
export { WireControl } from '../../runtime/wires/wire-control.ts';
export { drawWire } from '../../runtime/wires/wire-picture.ts';
export { WirePanels } from './wire-panels.ts';
export { writeFaults } from './write-faults.ts';
