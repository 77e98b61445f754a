import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { labDiagram } from '../../extension/diagram/from-lab.ts';
import { pictureOf } from '../../extension/diagram/layout/layouts.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { bigLab } from '../support/lab-generator.ts';
import { launchBrowser } from '../support/vscode/browser.ts';
import { report } from './measure.ts';

const origin = 'http://picture.test';
const frames = 180;

/** The picture's view with a lab of 1,000 VMs in a browser without a graphics processor; the rival is a page that rests. */
export async function benchPicture(): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    await openView(page);
    const paints = await page.evaluate(firstPaint, messagesOf(bigLab(1000, 50)));
    report('The picture of 1,000 VMs in its view', { 'from the message to the first frame with it': paints });
    const idle = await page.evaluate(framesWhile, { gesture: 'rest', frames });
    const figures: Record<string, number> = { 'a page that rests': idle };
    for (const gesture of ['pan, all of it', 'zoom', 'pan, near'])
      figures[gesture] = await page.evaluate(framesWhile, { gesture, frames });
    report(`From frame to frame, the 95th of 100 (1600×900)`, figures);
  } finally {
    await browser.close();
  }
}

function messagesOf(text: string): readonly unknown[] {
  const { lab } = readLab(text, { fileName: 'big.lab.yaml' });
  if (!lab) throw new Error('The generated lab cannot be read');
  const picture = pictureOf(labDiagram(lab), 'clear');
  const file = { file: '/big.lab.yaml', name: 'big', kind: 'lab', mode: 'clear', news: '', segments: [] };
  const live = {
    type: 'live',
    live: { states: {}, traffic: {}, trees: {}, faults: {} },
    facts: {},
    summary: '',
    menu: undefined,
  };
  return [{ type: 'picture', document: { ...file, picture } }, live];
}

/** As VS Code shows it: the same files under the same policy, and its interface as a stand-in. */
async function openView(page: Page): Promise<void> {
  const policy = `default-src 'none'; script-src ${origin}; style-src ${origin}`;
  const html = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${policy}">
    <link rel="stylesheet" href="/topology.css"><body class="vscode-dark"><script type="module" src="/topology.js"></script>`;
  await page.route(`${origin}/*`, async route => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') await route.fulfill({ body: html, contentType: 'text/html' });
    else await route.fulfill({ body: readFileSync(`dist/webview/${name}`), contentType: typeOf(name) });
  });
  await page.addInitScript(() => {
    const api = { postMessage: () => undefined, getState: () => undefined, setState: () => undefined };
    Object.assign(globalThis, { acquireVsCodeApi: () => api });
  });
  await page.goto(`${origin}/`);
}

const typeOf = (name: string): string => (name.endsWith('.css') ? 'text/css' : 'text/javascript');

/** In the page: milliseconds until a frame with the picture is through. */
async function firstPaint(messages: readonly unknown[]): Promise<number> {
  const frame = () => new Promise<number>(resolve => requestAnimationFrame(resolve));
  const begin = performance.now();
  for (const message of messages) window.postMessage(message, '*');
  while (!document.querySelector('.painting')) await frame();
  await frame();
  await frame();
  return performance.now() - begin;
}

/** In the page of a picture: the 95th of 100 times between two frames while a gesture goes on, in milliseconds. */
export async function framesWhile({
  gesture,
  frames,
}: {
  readonly gesture: string;
  readonly frames: number;
}): Promise<number> {
  const stage = document.querySelector('.stage');
  const frame = () => new Promise<number>(resolve => requestAnimationFrame(resolve));
  const wheel = (deltaX: number, deltaY: number) =>
    stage?.dispatchEvent(new WheelEvent('wheel', { deltaX, deltaY, clientX: 800, clientY: 450, cancelable: true }));
  if (gesture === 'pan, near') for (let step = 0; step < 12; step += 1) wheel(0, -120);
  await frame();
  await frame();
  const times: number[] = [];
  let last = await frame();
  for (let at = 0; at < frames; at += 1) {
    const back = Math.floor(at / 30) % 2 === 0 ? 1 : -1;
    if (gesture.startsWith('pan')) wheel(9 * back, 5 * back);
    if (gesture === 'zoom') wheel(0, -60 * back);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times.sort((a, b) => a - b)[Math.floor(frames * 0.95)] ?? 0;
}
