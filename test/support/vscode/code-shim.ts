// Stands in for the executable of VS Code where there is none: takes the options with which @vscode/test-electron starts it
// and runs the tests in the extension host of VS Code's server, with a browser without a window in front.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { type Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { VsCodeServer } from './server.ts';

const limitMs = 1_000_000;

async function main(args: readonly string[]): Promise<number> {
  const [testsPath] = valuesOf(args, 'extensionTestsPath');
  if (!testsPath) throw new Error(`No --extensionTestsPath in: ${args.join(' ')}`);
  const scratch = await mkdtemp(path.join(tmpdir(), 'kw-'));
  const folder = args.find(arg => !arg.startsWith('-')) ?? scratch;
  const trust = args.includes('--disable-workspace-trust') ? 'all' : 'ask';
  const server = await VsCodeServer.start({ extension: 'none', testDriver: true, trust });
  try {
    return await runIn(server.testAddress(path.resolve(folder), valuesOf(args, 'extensionDevelopmentPath'), testsPath));
  } catch (error) {
    console.error(error, server.log());
    return 1;
  } finally {
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Opens the window and waits for the exit code. */
async function runIn(address: string): Promise<number> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const code = exitCodeOf(page);
    await page.exposeFunction('codeAutomationLog', (_type: string, parts: readonly unknown[]) =>
      tell(format(...parts)),
    );
    await page.goto(address);
    return await code;
  } finally {
    await browser.close();
  }
}

/** VS Code calls codeAutomationExit of the page when the tests are over. */
function exitCodeOf(page: Page): Promise<number> {
  return new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.once('crash', () => reject(new Error('The page with VS Code crashed')));
    setTimeout(() => reject(new Error(`The tests took over ${limitMs / 1000} s`)), limitMs).unref();
  });
}

const valuesOf = (args: readonly string[], name: string): readonly string[] =>
  args.filter(arg => arg.startsWith(`--${name}=`)).map(arg => arg.slice(name.length + 3));

// What VS Code says of its own affairs, for lack of a gallery, an account or a desktop.
const noise = [
  /^(%c *)?(Creating a socket|Resolv(ing|ed) connection token|Updating additional builtin|Ignoring fetching additional builtin)/,
  /^(%c *)?\[(reconnection|remote-connection|AgentHost|AccountPolicyGate|Service Worker)/,
  /Creation of workbench contribution|authentication provider 'github'|No search provider registered|^Canceled: /,
];

function tell(line: string): void {
  if (process.env['KVMLAB_VERBOSE'] || !noise.some(pattern => pattern.test(line))) console.log(line);
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
