// npm test: installs what is missing and runs every layer, or those named: npm test -- unit golden.
// The last line is `N passed, N failed`, summed over all layers; above it stand the layers, and above them each test that failed,
// so that the end of a log is enough. Node's own modules only: it runs on a bare checkout.
import { checkNode, installPackages, installVsCodeServer } from './install.mjs';
import { layers, runLayer } from './layers.mjs';
import { forwardSignals, reportFailure, root, runLogged, say, ToolError } from './process.mjs';
import { installPrograms, programs } from './programs.mjs';

async function main() {
  const chosen = chooseLayers(process.argv.slice(2));
  checkNode();
  forwardSignals();
  const needed = preparations();
  startEarly(chosen, needed);
  const summary = [];
  for (const layer of chosen) {
    const started = Date.now();
    const outcome = await runLayer(layer, needed);
    summary.push({ name: layer.name, seconds: (Date.now() - started) / 1000, ...outcome });
    say(lineOf(summary.at(-1)));
  }
  report(summary);
}

function chooseLayers(names) {
  const known = layers.map(layer => layer.name);
  const unknown = names.filter(name => !known.includes(name));
  if (unknown.length > 0) throw new ToolError(`No layer ${unknown.join(', ')}. Layers: ${known.join(' ')}`);
  return names.length > 0 ? layers.filter(layer => names.includes(layer.name)) : layers;
}

/** What layers wait for, each done once and on first demand. */
function preparations() {
  const packages = once(installPackages);
  return {
    packages,
    programs: once(() => installPrograms(programs.test)),
    server: once(installVsCodeServer),
    build: once(async () => {
      await packages();
      await runLogged('build', process.execPath, ['tools/build.mjs', '--tests'], { cwd: root });
    }),
  };
}

/** The slow installations go on beside the quick layers; who fails is told by the layer that waits for it. */
function startEarly(chosen, needed) {
  for (const need of new Set(chosen.flatMap(layer => layer.needs))) {
    if (need !== 'build') needed[need]().catch(() => undefined);
  }
}

function once(work) {
  let promise;
  return () => (promise ??= work());
}

const lineOf = ({ name, seconds, passed, failed, skipped = 0, notes = [] }) =>
  [
    `${name.padEnd(12)} ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''} (${seconds.toFixed(1)} s)`,
    ...notes.map(note => `  ${note}`),
  ].join('\n');

function report(summary) {
  const sum = key => summary.reduce((total, layer) => total + layer[key], 0);
  for (const { name, failures = [] } of summary)
    for (const failure of failures) console.log(`failed: ${name} ${failure}`);
  console.log(`\n${summary.map(lineOf).join('\n')}\n`);
  if (sum('failed') > 0) process.exitCode = 1;
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
}

main().catch(reportFailure);
