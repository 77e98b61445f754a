import { bigLab } from '../support/lab-generator.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';
import { median, report } from './measure.ts';
import { framesWhile } from './picture.ts';

const openings = 9;
const gestures = ['rest', 'pan, all of it', 'zoom', 'pan, near'];
const frames = 180;

/**
 * `npm run bench:first-paint`: how long it takes until the picture of 1,000 VMs is seen in the real VS Code, in a browser
 * without a graphics processor, and how evenly it moves there. The first opening also loads what draws pictures.
 */
const server = await VsCodeServer.start();
try {
  const folder = await server.makeFolder('lab', { files: { 'big.lab.yaml': bigLab(1000, 50) } });
  const window = await Workbench.open(server, folder, 'big.lab.yaml');
  try {
    await window.openContainer('KVM Lab');
    const first = await firstFrames(window);
    const later: Measures[] = [];
    for (let at = 1; at < openings; at += 1) {
      await window.runCommand('View: Close All Editors');
      await window.quickOpen('big.lab.yaml');
      later.push(await firstFrames(window));
    }
    report('The first opening of a picture of 1,000 VMs in VS Code, until it is painted', first);
    report(`The median of ${later.length} later ones`, medians(later));
    const view = await (await window.picture.frame().locator('body').elementHandle()).ownerFrame();
    if (!view) throw new Error('The picture is not there any more');
    const figures: Record<string, number> = {};
    for (const gesture of gestures) figures[gesture] = await view.evaluate(framesWhile, { gesture, frames });
    report('From frame to frame, the 95th of 100; the rival is a picture that rests', figures);
  } finally {
    await window.close();
  }
} finally {
  await server.stop();
}

type Measures = Readonly<Record<string, number>>;

/** Opens the picture; what its view has measured, in milliseconds by name. */
async function firstFrames(window: Workbench): Promise<Measures> {
  await window.runCommand('KVM Lab: Open Picture');
  const body = window.picture.frame().locator('body');
  let measures: Measures = {};
  await until('the picture to be painted', async () => {
    measures = await body.evaluate(() =>
      Object.fromEntries(performance.getEntriesByType('measure').map(({ name, duration }) => [name, duration])),
    );
    return Object.keys(measures).length > 0;
  });
  return measures;
}

function medians(all: readonly Measures[]): Measures {
  return Object.fromEntries(Object.keys(all[0] ?? {}).map(name => [name, median(all.map(one => one[name] ?? 0))]));
}
