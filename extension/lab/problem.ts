import type { TextSpan } from './text-span.ts';

/** What a check found; the list of codes is part of the product (`kvmlab check --json`). */
export type ProblemCode =
  | 'yaml-syntax'
  | 'not-a-lab'
  | 'unknown-key'
  | 'bad-value'
  | 'missing-key'
  | 'bad-name'
  | 'name-too-long'
  | 'id-missing'
  | 'id-range'
  | 'id-double'
  | 'unknown-switch'
  | 'unknown-vm'
  | 'unknown-wire'
  | 'unknown-image'
  | 'unknown-template'
  | 'unknown-host'
  /** A host does not see the folder of locks. */
  | 'locks-not-shared'
  /** An included file cannot be read. */
  | 'include-failed'
  | 'mac-clash'
  | 'host-port-clash'
  | 'address-outside'
  | 'address-double'
  | 'gateway-outside'
  | 'vlan-range'
  | 'vlan-and-tag'
  /** A tag that arrives nowhere. */
  | 'one-sided-tag'
  | 'ports-full'
  | 'port-clash'
  | 'image-missing'
  /** Downloads are checked, or they are not made. */
  | 'image-without-sum'
  /** One writable disk for all VMs of a row. */
  | 'disk-shared'
  /** What a switch's `pxe` hands out. */
  | 'boot-file-missing'
  | 'guest-missing'
  | 'group-double'
  | 'wire-loop'
  /** Two steps of a scenario change one thing at a time. */
  | 'scenario-overlap'
  /** VMs wait for each other. */
  | 'start-cycle'
  | 'append-too-long'
  /** Two labs of the workspace would use one run-time folder. */
  | 'lab-name-double'
  /** Two switches want the same tap interface. */
  | 'tap-clash'
  /** Of install scripts. */
  | 'not-a-script'
  | 'bad-pattern'
  | 'unknown-variable'
  | 'step-double';

export type Severity = 'error' | 'warning';

export interface Problem<Code extends string = ProblemCode> {
  readonly code: Code;
  readonly severity: Severity;
  /** What is wrong and what to do, in one or two sentences. */
  readonly message: string;
  readonly span: TextSpan;
}
