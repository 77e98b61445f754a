import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  addressOf,
  installVsix,
  linkExtension,
  prepareProfile,
  profileAt,
  remoteUri,
  startVsCodeServer,
  type RunningServer,
} from '../../../tools/vscode-server.mjs';
import { endLeftovers, killLeftovers } from './leftovers.ts';
import { quietSettings } from './quiet-settings.ts';

export interface VsCodeServerOptions {
  /**
   * `checkout` links this folder as it is built; `none` starts a VS Code without the extension. The default is the package
   * that KVMLAB_VSIX names, as in `npm test`, else the checkout.
   */
  readonly extension?: 'checkout' | 'none' | { readonly vsix: string };
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** `ask` leaves workspace trust on: a folder is untrusted until somebody grants it. */
  readonly trust?: 'all' | 'ask';
  /** For mocha in the extension host. Notifications are then not shown. */
  readonly testDriver?: boolean;
}

/** A VS Code of its own: profile, home folder and run-time folders of labs, all under one short path of /tmp. */
export class VsCodeServer {
  readonly home: string;
  /** Run-time folders of labs lie here: `RUNROOT/LAB`. */
  readonly runRoot: string;
  private readonly server: RunningServer;
  private readonly atExit = (): void => killLeftovers(this.home);

  private constructor(home: string, server: RunningServer) {
    this.home = home;
    this.runRoot = runRootOf(home);
    this.server = server;
    // A run that is broken off comes to no `stop`, and VMs outlive whoever started them.
    process.once('exit', this.atExit);
  }

  static async start(options: VsCodeServerOptions = {}): Promise<VsCodeServer> {
    // Short: unix socket paths are limited to 107 bytes, and a lab's sockets lie deep below.
    const home = await mkdtemp(path.join(tmpdir(), 'kl-'));
    const trustsAll = options.trust !== 'ask';
    const profile = profileAt(path.join(home, 'p'));
    prepareProfile(profile, { ...quietSettings, 'security.workspace.trust.enabled': !trustsAll, ...options.settings });
    const extension = options.extension ?? defaultExtension();
    if (extension === 'checkout') linkExtension(profile);
    else if (extension !== 'none') await installVsix(profile, extension.vsix);
    const server = await startVsCodeServer(profile, {
      trustsAll,
      testDriver: options.testDriver ?? false,
      environment: { ...environmentIn(home), ...options.environment },
    });
    return new VsCodeServer(home, server);
  }

  /** A new folder with the given files, or with a copy of the folder `from`. */
  async makeFolder(
    name: string,
    content: { readonly from?: string; readonly files?: Readonly<Record<string, string>> },
  ) {
    const folder = path.join(this.home, name);
    await mkdir(folder, { recursive: true });
    if (content.from) await cp(content.from, folder, { recursive: true, dereference: true });
    for (const [file, text] of Object.entries(content.files ?? {})) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    return folder;
  }

  /** The address of a window on the folder. */
  address(folder: string, file?: string): string {
    return addressOf(this.server, { folder, ...(file ? { file } : {}) });
  }

  /** The address of a window whose extension host loads the extension from a folder and runs the tests. */
  testAddress(folder: string, extensionPaths: readonly string[], testsPath: string): string {
    const uri = (file: string) => remoteUri(this.server.port, file);
    const extensions = extensionPaths.map(file => ['extensionDevelopmentPath', uri(file)] as const);
    return addressOf(this.server, { folder, payload: [...extensions, ['extensionTestsPath', uri(testsPath)]] });
  }

  log(): string {
    return this.server.log();
  }

  /** Ends the server, its extension hosts, whatever of a lab still runs in its run-time folders, and removes its files. */
  async stop(): Promise<void> {
    await this.server.stop();
    await endLeftovers(this.home);
    process.removeListener('exit', this.atExit);
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function defaultExtension(): 'checkout' | { readonly vsix: string } {
  const vsix = process.env['KVMLAB_VSIX'];
  return vsix ? { vsix } : 'checkout';
}

const runRootOf = (home: string): string => path.join(home, 'r');

/** XDG_RUNTIME_DIR takes VS Code's own sockets, which would pile up in /tmp. */
function environmentIn(home: string): Record<string, string> {
  const dataHome = path.join(home, '.local/share');
  return {
    HOME: home,
    XDG_DATA_HOME: dataHome,
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_RUNTIME_DIR: path.join(home, 'p'),
    KVMLAB_RUN_ROOT: runRootOf(home),
  };
}
