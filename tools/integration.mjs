// Runs the suites of test/integration in a real extension host, after `node tools/build.mjs --tests`.
// VSCODE_EXECUTABLE names a VS Code to use; without it VS Code's server takes its place.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root, say } from './process.mjs';

const scratch = mkdtempSync(path.join(tmpdir(), 'kf-'));
const executable = process.env.VSCODE_EXECUTABLE ?? path.join(root, 'out/support/vscode/code-shim.mjs');
try {
  process.exitCode = await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'out/integration/index.js'),
    // A short profile path: VS Code puts unix sockets there. The folder is empty; suites write what they need.
    launchArgs: [scratch, `--user-data-dir=${path.join(scratch, '.profile')}`],
  });
} catch (error) {
  say(`the suites did not pass: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
