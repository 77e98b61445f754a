/** How a VM is installed. Absent things are as for any other start. */
export interface VmInstall {
  /** Path of the install script, as in the lab file. */
  readonly script: string;
  /** Values of its variables; never of secrets. */
  readonly vars: readonly (readonly [name: string, value: string])[];
  /** What the VM boots while it is installed, as `kernel:` and so on of a VM. */
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly cdrom?: string;
}
