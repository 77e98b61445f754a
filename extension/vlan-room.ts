/** What is needed once a switch runs whose VLANs may differ from its lab file, or are changed. */
export { VlanActions } from './runtime/switches/vlan-actions.ts';
export { DriftDiagnostics } from './vscode/switches/drift-diagnostics.ts';
