import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpImageDownloads } from '../../../extension/host/image-downloads.ts';
import { LocalImageFiles } from '../../../extension/host/image-files.ts';
import { proxiedFetch } from '../../../extension/host/proxied-fetch.ts';
import { ImageServer, sends } from '../../support/image-server.ts';
import { WebProxy } from '../../support/web-proxy.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 5 + (at >> 8)) & 0xff));

let folder: string;
let server: ImageServer;
let proxy: WebProxy;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
  [server, proxy] = await Promise.all([ImageServer.open(), WebProxy.open()]);
  server.answer(sends(content));
});
afterEach(() => {
  proxy.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What has come; `url`: as the lab names it. */
async function fetched(environment: Readonly<Record<string, string>>, url = server.url): Promise<Buffer> {
  const file = path.join(folder, 'image.qcow2');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const parts = { files: new LocalImageFiles(), fetch: proxiedFetch(environment), pauseMs: () => 1 };
  await new HttpImageDownloads(parts).fetch({ url, sha256, file, refusal: () => undefined });
  return readFileSync(file);
}

describe('an image behind a proxy', () => {
  test.each(['http_proxy', 'HTTP_PROXY'])('comes through the one that %s names', async name => {
    expect((await fetched({ [name]: proxy.address() })).equals(content)).toBe(true);

    expect(proxy.targets).toEqual([new URL(server.url).host]);
    expect(server.requests).toHaveLength(1);
  });

  test('goes on through it after a cut', async () => {
    server.answer(sends(content, { cutAfter: 100_000 }), sends(content));

    expect((await fetched({ http_proxy: proxy.address() })).equals(content)).toBe(true);

    expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
  });

  test('comes straight where no_proxy says so, or there is none', async () => {
    const { hostname } = new URL(server.url);
    expect((await fetched({ http_proxy: proxy.address(), no_proxy: `a.example, ${hostname}` })).equals(content)).toBe(
      true,
    );
    rmSync(path.join(folder, 'image.qcow2'));
    expect((await fetched({ http_proxy: '', HTTPS_PROXY: '' })).equals(content)).toBe(true);

    expect(proxy.targets).toEqual([]);
  });

  test('is asked for with the name and password of the proxy', async () => {
    await fetched({ http_proxy: proxy.address('me:secret@') });

    expect(new Set(proxy.credentials)).toEqual(new Set([`Basic ${Buffer.from('me:secret').toString('base64')}`]));
  });

  test('by https is asked for through a tunnel, and a proxy that refuses is the reason that is told', async () => {
    proxy.refusal = 403;

    await expect(fetched({ https_proxy: proxy.address() }, 'https://images.example/a.qcow2')).rejects.toThrow(
      /^https:\/\/images\.example\/a\.qcow2 could not be fetched: .*403/,
    );

    expect(new Set(proxy.targets)).toEqual(new Set(['images.example:443']));
  });

  test('is not asked for with an address that is none, and the message does not show what may be secret', async () => {
    const failure = fetched({ https_proxy: 'http://me:secret@:::' }, 'https://images.example/a.qcow2');

    await expect(failure).rejects.toThrow('The proxy that https_proxy or http_proxy names has no usable address.');
    await expect(failure).rejects.not.toThrow(/secret/);
  });
});
