// npm run readme-picture: makes the screenshot of the README anew, from the real extension with a lab that runs.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { installFor } from './install.mjs';
import { forwardSignals, reportFailure, root, runLogged, say } from './process.mjs';

const screenshot = path.join(root, 'extension/media/screenshot.png');

async function main() {
  forwardSignals();
  await installFor('test', { server: true });
  await runLogged('build', process.execPath, ['tools/build.mjs', '--tests'], { cwd: root });
  await runLogged('readme', 'npx', ['vitest', 'run', '--project', 'e2e', 'test/e2e/readme.test.ts'], { cwd: root });
  copyFileSync(path.join(root, 'out/e2e/readme.png'), screenshot);
  say(`made ${path.relative(root, screenshot)}: look at it before you commit it`);
}

main().catch(reportFailure);
