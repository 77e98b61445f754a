/** How commands are run in a guest over its serial console, as far as the lab file says it; the rest follows from the VM. */
export interface ShellSettings {
  readonly user?: string | undefined;
  /** Name of the secret that is the user's password. */
  readonly secret?: string | undefined;
  /** What the last line ends with while a command is waited for. */
  readonly prompt?: readonly string[] | undefined;
  /** How a command is typed, `{}` standing for it. Absent: to a Unix shell. */
  readonly command?: string | undefined;
  /** What is typed to see the exit status. */
  readonly status?: string | undefined;
  /** What lines begin with that tell of a failure. */
  readonly failure?: readonly string[] | undefined;
}
