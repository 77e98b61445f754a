import type { LabHost } from '../../extension/lab/hosts/lab-host.ts';

const nowhere = { start: 0, end: 0 };

/** Another host of a lab, as a short file gives it. */
export const labHost = (name: string, parts: Partial<LabHost> = {}): LabHost => ({
  ...{ name, ssh: name, run: undefined, scripts: 'kvmlab', shared: [], nameSpan: nowhere, span: nowhere },
  ...parts,
});
