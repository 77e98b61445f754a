import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { lockFile } from '../../../extension/host/file-lock.ts';
import { HttpImageDownloads } from '../../../extension/host/image-downloads.ts';
import { LocalImageFiles } from '../../../extension/host/image-files.ts';
import type { DownloadWork } from '../../../extension/runtime/image-ports.ts';
import { ImageServer, says, sends } from '../../support/image-server.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff));
const other = Buffer.from(content.toReversed());
const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let server: ImageServer;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
  server = await ImageServer.open();
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => path.join(folder, 'cache', 'image.qcow2');
const fetchIt = (work?: DownloadWork, refusal: () => string | undefined = () => undefined): Promise<boolean> =>
  new HttpImageDownloads({ files: new LocalImageFiles(), fetch, pauseMs: () => 1 }).fetch(
    { url: server.url, sha256: sumOf(content), file: file(), refusal },
    work,
  );
/** What is there besides the lock file. */
const left = (): readonly string[] => readdirSync(path.dirname(file())).filter(name => !name.endsWith('.lock'));

describe('an image that comes', () => {
  test('is there whole, only to be read, and is not fetched again', async () => {
    server.answer(sends(content));
    const shares: number[] = [];

    expect(await fetchIt({ onProgress: (done, total) => shares.push(done / (total ?? 0)) })).toBe(true);
    expect(await fetchIt()).toBe(false);

    expect(readFileSync(file()).equals(content)).toBe(true);
    expect(statSync(file()).mode & 0o777).toBe(0o444);
    expect([left(), server.requests.length, shares.at(-1)]).toEqual([['image.qcow2'], 1, 1]);
  });

  test('goes on after each cut from where it was, if the file is still the same', async () => {
    server.answer(sends(content, { cutAfter: 100_000 }), sends(content, { cutAfter: 50_000 }), sends(content));

    await fetchIt();

    expect(readFileSync(file()).equals(content)).toBe(true);
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
    expect(server.requests[1]?.['if-range']).toBe('"one"');
  });

  test('begins anew where the server cannot go on', async () => {
    server.answer(sends(content, { cutAfter: 100_000 }), sends(content, { ignoresRange: true }));

    await fetchIt();

    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  test('begins anew when the server has another file by now', async () => {
    server.answer(sends(other, { cutAfter: 100_000, etag: '"old"' }), sends(content));

    await fetchIt();

    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  test('begins anew when what was kept is of another file and nothing tells so but the sum', async () => {
    server.answer(sends(content));
    await expect(fetchIt({ signal: cancelled() })).rejects.toThrow('called off');
    writeFileSync(`${file()}.part`, other.subarray(0, 1000));

    await fetchIt();

    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  test('begins anew when what was kept is longer than what the server has', async () => {
    server.answer(sends(content));
    await expect(fetchIt({ signal: cancelled() })).rejects.toThrow('called off');
    writeFileSync(`${file()}.part`, Buffer.concat([content, content]));
    server.answer(says(416), sends(content));

    await fetchIt();

    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  test('follows a redirection on the way', async () => {
    server.answer(says(302, { location: '/elsewhere.qcow2' }), sends(content));

    expect(await fetchIt()).toBe(true);
  });
});

describe('an image that does not come', () => {
  test('has the wrong sum: nothing of it is kept', async () => {
    server.answer(sends(other));

    await expect(fetchIt()).rejects.toThrow(`Its SHA-256 is ${sumOf(other)}, not ${sumOf(content)}`);
    expect(left()).toEqual([]);
  });

  test('is refused for what it is: nothing of it is kept', async () => {
    server.answer(sends(content));

    await expect(fetchIt({}, () => 'wants to read another file')).rejects.toThrow('wants to read another file');
    expect(left()).toEqual([]);
  });

  test('is not there', async () => {
    server.answer(says(404));

    await expect(fetchIt()).rejects.toThrow('has no such file (HTTP 404)');
    expect([existsSync(file()), server.requests.length]).toEqual([false, 1]);
  });

  test('is cut off again and again at the same place: what has come is kept', async () => {
    server.answer(sends(content, { cutAfter: 1000, ignoresRange: true }));

    await expect(fetchIt()).rejects.toThrow('try again to go on');
    expect(left()).toEqual(['image.qcow2.part', 'image.qcow2.part.version']);
  });

  test('lies behind a busy server: it is tried some times', async () => {
    server.answer(says(503));

    await expect(fetchIt()).rejects.toThrow('HTTP 503');
    expect(server.requests.length).toBe(4);
  });

  test.each([
    ['to http on another host', 'http://example.org/a'],
    ['to a file', 'file:///etc/passwd'],
    ['with a login', 'https://me:secret@example.org/a'],
  ])('leads %s, which is not followed', async (_where, location) => {
    server.answer(says(302, { location }));

    await expect(fetchIt()).rejects.toThrow('is not followed');
  });

  test('leads in a circle', async () => {
    server.answer(says(302, { location: '/' }));

    await expect(fetchIt()).rejects.toThrow('in a circle');
  });

  test('is called off: what has come is kept, and goes on later', async () => {
    const cancel = new CancelSource();
    server.answer((request, response) => {
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
      response.write(content.subarray(0, 5000));
      request.on('close', () => response.destroy());
    });

    await expect(fetchIt({ signal: cancel.signal, onProgress: () => cancel.cancel() })).rejects.toThrow('called off');
    server.answer(sends(content));
    await fetchIt();

    expect(server.requests[1]?.range).toMatch(/^bytes=[1-9]/);
    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  test('is being fetched by another process', async () => {
    server.answer(sends(content));
    await expect(fetchIt({ signal: cancelled() })).rejects.toThrow('called off');
    const lock = await lockFile(`${file()}.lock`);

    await expect(fetchIt()).rejects.toThrow('is being fetched by another process');
    await lock?.release();
    expect(await fetchIt()).toBe(true);
  });
});

function cancelled() {
  const cancel = new CancelSource();
  cancel.cancel();
  return cancel.signal;
}
