import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../../extension/lab/problem.ts';
import { checkFiles, neededFiles } from '../../../extension/lab/files.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { readMarked } from '../../support/lab-marked.ts';

const sum = 'ab'.repeat(32);
const images = (keys: string): string => `images: { base: { ${keys} } }\nvms: {}\n`;
const vm = (keys: string): string => `vms: { a: { id: 1, ${keys} } }\n`;

const cases: readonly (readonly [sentence: string, text: string, ...codes: readonly ProblemCode[]])[] = [
  ['an image is a file', images('file: images/base.qcow2')],
  ['an image is a URL with its sum', images(`url: https://example.org/a.qcow2, sha256: ${sum}`)],
  ['a URL without a sum', images('url: «https://example.org/a.qcow2»'), 'image-without-sum'],
  ['a sum that is too short is not also missing', images('url: https://example.org/a, sha256: «abc»'), 'bad-value'],
  ['http to another host', images(`url: «http://example.org/a», sha256: ${sum}`), 'bad-value'],
  ['http to this host', images(`url: http://127.0.0.1:8080/a, sha256: ${sum}`)],
  [
    'a host that only looks like this one',
    images(`url: «http://127.0.0.1.example.org/a», sha256: ${sum}`),
    'bad-value',
  ],
  ['a login in a URL', images(`url: «https://me:secret@example.org/a», sha256: ${sum}`), 'bad-value'],
  ['a file URL', images(`url: «file:///etc/passwd», sha256: ${sum}`), 'bad-value'],
  ['a file and a URL', images(`file: a, url: «https://example.org/a», sha256: ${sum}`), 'bad-value'],
  ['neither a file nor a URL', 'images: { «base»: { size: 4G } }\n', 'missing-key'],
  ['a name with a slash', 'images: { «a/b»: { file: x } }\n', 'bad-name'],
  ['a VM names an image', `images: { base: { file: x } }\n${vm('image: base')}`],
  ['a VM names a path', vm('image: images/base.qcow2')],
  ['an image that nobody knows', `images: { base: { file: x } }\n${vm('image: «bsae»')}`, 'unknown-image'],
  ['a bare word is no path', vm('image: «debian»'), 'unknown-image'],
  ['an image without a place is reported once', `images: { «base»: {} }\n${vm('image: base')}`, 'missing-key'],
  ['booting from the disk that an image gives', vm('image: a.qcow2, boot: disk')],
  [
    'cloud-init with everything',
    vm(`cloud-init: { user: me, ssh-keys: ssh-ed25519 ${'A'.repeat(68)} me, packages: [a] }`),
  ],
  ['a row with one disk for all', vm('count: 2, disks: «a.qcow2»'), 'disk-shared'],
  ['a row of one with a disk', vm('count: 1, disks: a.qcow2')],
  ['a row whose disks are made over one image', vm('count: 2, image: a.qcow2')],
  [
    'a row with the disk of its template',
    `templates: { t: { disks: [{ file: «a.qcow2», size: 1G }] } }\n${vm('count: 3, extends: t')}`,
    'disk-shared',
  ],
  ['cloud-init of the tiny guest', vm('guest: tiny, cloud-init: «{ user: me }»'), 'bad-value'],
  ['a password of nobody', vm('cloud-init: { password: «x» }'), 'missing-key'],
  ['a key that is no SSH key', vm('cloud-init: { user: me, ssh-keys: «~/.ssh/id.pub» }'), 'bad-value'],
  ['a login with blanks', vm('cloud-init: { user: «a b» }'), 'bad-value'],
  ['a password over two lines', vm('cloud-init: { user: me, password: «"a\\nb"» }'), 'bad-value'],
];

describe('what is said of images', () => {
  test.each(cases.map(([sentence, text, ...codes]) => ({ sentence, text, codes })))('$sentence', ({ text, codes }) => {
    const { found, expected, problems } = readMarked(text, codes);

    expect(found).toEqual(expected);
    for (const problem of problems) expect(problem.message).toMatch(/^.+[.?)]$/);
  });

  test('a row is told to use an image where that gives each VM its own disk', () => {
    const { problems } = readLab('vms: { a: { id: 1, count: 2, disks: [a.qcow2, b.qcow2] } }\n');

    expect(problems.map(({ severity, message }) => [severity, message.slice(message.indexOf('. ') + 2)])).toEqual([
      ['warning', 'Write "image: a.qcow2" instead: each gets a disk of its own over it, and it is only read.'],
      ['warning', 'Give each VM an entry of its own, with a disk of its own.'],
    ]);
  });

  test('the nearest name is offered', () => {
    const { problems } = readLab('images: { debian: { file: x } }\nvms: { a: { id: 1, image: debain } }\n');

    expect(problems.map(({ message }) => message)).toEqual([
      'There is no image "debain" in this lab. Did you mean "debian"?',
    ]);
  });
});

const read = (text: string) => readLab(text, { fileName: 'dmz.lab.yaml' }).lab!;

test('a VM has an overlay of its own over an image that is named or given by its path', () => {
  const url = 'https://example.org/a.img?x=1';
  const { vms } = read(
    `images: { base: { url: '${url}', sha256: '${sum.toUpperCase()}', size: 8g } }\n` +
      'vms: { a: { id: 1, image: base }, b: { id: 2, image: ~/b.img }, c: { id: 3, cloud-init: { user: x } } }\n',
  );

  expect(vms.map(one => [one.image, one.cloudInit?.seed])).toEqual([
    [
      {
        text: 'base',
        source: { place: { kind: 'url', url, sha256: sum }, format: 'raw', size: '8G' },
        overlay: 'dmz/disks/a.qcow2',
      },
      undefined,
    ],
    [
      {
        text: '~/b.img',
        source: { place: { kind: 'file', path: '~/b.img', sha256: undefined }, format: 'raw', size: undefined },
        overlay: 'dmz/disks/b.qcow2',
      },
      undefined,
    ],
    [undefined, 'dmz/disks/c.seed.iso'],
  ]);
});

test('a name of the lab is meant before a path', () => {
  const { vms } = read('images: { base.img: { file: other.qcow2 } }\nvms: { a: { id: 1, image: base.img } }\n');

  expect(vms[0]?.image?.source?.place).toEqual({ kind: 'file', path: 'other.qcow2', sha256: undefined });
});

test('a missing file is reported at the VM that needs it; what is fetched is not looked for beside the lab', () => {
  const lab = read(
    `images: { far: { url: https://example.org/a, sha256: ${sum} }, near: { file: n.qcow2 } }\n` +
      'vms: { a: { id: 1, image: far }, b: { id: 2, image: near } }\n',
  );

  expect(neededFiles(lab).map(({ vm: name, kind, path }) => [name, kind, path])).toEqual([['b', 'image', 'n.qcow2']]);
  expect(checkFiles(lab, () => false)).toMatchObject([{ code: 'image-missing' }]);
});
