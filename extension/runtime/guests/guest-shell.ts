import type { Vm } from '../../lab/model.ts';

/** How commands are given to a guest at its serial console. */
export interface GuestShell {
  /** What answers there: the tiny guest, which has no login; a Unix shell; something else, in its own `form`. */
  readonly kind: 'tiny' | 'linux' | 'other';
  /** What the last line ends with while a command is waited for: `# `. */
  readonly prompts: readonly string[];
  /** Who logs in where a login is asked for. */
  readonly login?: GuestLogin;
  readonly form?: CommandForm;
}

export interface GuestLogin {
  readonly user: string;
  /** Undefined: the guest lets the user in without one. */
  readonly password: GuestPassword | undefined;
}

/** `secret` is a name, to be looked up when it is needed; the lab file never has the password itself. */
export type GuestPassword =
  | { readonly kind: 'secret'; readonly name: string }
  /** Of cloud-init: everybody who reads the lab file can read it. */
  | { readonly kind: 'known'; readonly text: string };

/** How a command is typed where there is no Unix shell, and what tells whether it succeeded. */
export interface CommandForm {
  /** With `{}` for the command. */
  readonly command: string;
  /** What is typed to see the exit status. */
  readonly status: string | undefined;
  /** What lines begin with that tell of a failure. */
  readonly failures: readonly string[];
}

/** Of sh, bash, zsh and busybox, with whatever comes before. */
const shellPrompts = ['# ', '$ ', '% '];

export function shellOf(vm: Vm): GuestShell {
  const { shell = {} } = vm;
  const login = loginOf(vm);
  const base = { prompts: shell.prompt ?? shellPrompts, ...(login ? { login } : {}) };
  if (shell.command === undefined) return { kind: vm.isTinyGuest ? 'tiny' : 'linux', ...base };
  const { command, status, failure: failures = [] } = shell;
  return { kind: 'other', ...base, form: { command, status, failures } };
}

/** What the lab file says about the shell, and else the user of cloud-init. */
function loginOf({ shell, cloudInit }: Vm): GuestLogin | undefined {
  const user = shell?.user ?? cloudInit?.user;
  if (user === undefined) return undefined;
  if (shell?.secret !== undefined) return { user, password: { kind: 'secret', name: shell.secret } };
  const isKnown = user === cloudInit?.user && cloudInit.password !== undefined;
  return { user, password: isKnown ? { kind: 'known', text: cloudInit.password } : undefined };
}
