// Types of vscode-server.mjs for the tests.
export interface Profile {
  readonly home: string;
  readonly data: string;
  readonly extensions: string;
  readonly settings: string;
  readonly token: string;
}

export interface ServerOptions {
  readonly port?: string | number;
  readonly trustsAll?: boolean;
  readonly testDriver?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly port: number;
  readonly token: string;
  readonly closed: Promise<unknown>;
  log(): string;
  stop(): Promise<void>;
}

export interface AddressOptions {
  readonly folder?: string;
  readonly file?: string;
  readonly payload?: readonly (readonly [string, string])[];
}

export const vscodeFolder: string;
export function profileAt(home: string): Profile;
export function prepareProfile(profile: Profile, settings: Readonly<Record<string, unknown>>): void;
export function linkExtension(profile: Profile, folder?: string): void;
export function installVsix(profile: Profile, vsix: string): Promise<void>;
export function startVsCodeServer(profile: Profile, options?: ServerOptions): Promise<RunningServer>;
export function addressOf(server: Pick<RunningServer, 'port' | 'token'>, options?: AddressOptions): string;
export function remoteUri(port: number, file: string): string;
