import { expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';

const read = (text: string) => readLab(text);
const said = (text: string) =>
  read(text).problems.map(({ code, message, span }) => [code, text.slice(span.start, span.end), message]);

test('a host has its own name as its destination and kvmlab as its folder of scripts unless it says otherwise', () => {
  const { lab, problems } = read(
    'hosts:\n  left:\n  right: { ssh: me@10.0.0.2, run: /run/r, scripts: labs, shared: [/srv/a, /srv/b] }\nvms: {}',
  );

  expect(problems).toEqual([]);
  expect(lab?.hosts).toMatchObject([
    { name: 'left', ssh: 'left', run: undefined, scripts: 'kvmlab', shared: [] },
    { name: 'right', ssh: 'me@10.0.0.2', run: '/run/r', scripts: 'labs', shared: ['/srv/a', '/srv/b'] },
  ]);
});

test('a VM runs where it says itself, else its template, else the defaults; else here', () => {
  const hosts = 'hosts: { left: {}, mid: {}, right: {} }\ntemplates: { t: { host: mid } }\n';
  const vms = 'vms: { a: { id: 1, host: right, extends: t }, b: { id: 2, extends: t }, c: { id: 3 } }';
  const places = (text: string) => read(text).lab?.vms.map(({ host }) => host);

  expect(places(`${hosts}defaults: { host: left }\n${vms}`)).toEqual(['right', 'mid', 'left']);
  expect(places(`${hosts}${vms}`)).toEqual(['right', 'mid', undefined]);
});

test('a host that the lab does not have is reported where it is named, with the nearest name', () => {
  const text =
    'hosts: { left: {} }\ndefaults: { host: lift }\nswitches: { lan: { host: up } }\nvms: { a: { id: 1 }, b: { id: 2, host: Left } }';

  expect(said(text)).toEqual([
    ['unknown-host', 'lift', 'There is no host "lift" in this lab. Did you mean "left"?'],
    ['unknown-host', 'up', 'There is no host "up" in this lab. Add it under "hosts:".'],
    ['unknown-host', 'Left', 'There is no host "Left" in this lab. Did you mean "left"?'],
  ]);
});

test.each(['-oProxyCommand=id', 'me@left right', 'left;id', '$(id)', ''])(
  'the destination %j is refused, as ssh or a shell would take it for something else',
  ssh => {
    const text = `hosts: { left: { ssh: ${JSON.stringify(ssh)} } }`;

    expect(said(text)).toEqual([
      ['bad-value', JSON.stringify(ssh), expect.stringContaining('ssh takes what ssh takes')],
    ]);
    expect(read(text).lab?.hosts).toMatchObject([{ ssh: 'left' }]);
  },
);

test.each(['../x', 'a/../b', '-x', '~/labs', 'two words', '$HOME'])('the folder %j is refused', folder => {
  const text = `hosts: { left: { scripts: ${JSON.stringify(folder)} } }`;

  expect(said(text)).toEqual([
    ['bad-value', JSON.stringify(folder), expect.stringContaining('scripts takes the path')],
  ]);
});

test('a name that could be an option, or is no file name, cannot name a host', () => {
  expect(said('hosts: { -x: {}, a/b: {} }').map(([code, where]) => [code, where])).toEqual([
    ['bad-name', '-x'],
    ['bad-name', 'a/b'],
  ]);
});

test('a lab has the hosts of what it includes', () => {
  const { lab, problems } = readLab('include: part.yaml\nvms: { a: { id: 1, host: left } }', {
    included: [{ name: 'part.yaml', path: '/x/part.yaml', text: 'hosts: { left: { ssh: me@left } }' }],
  });

  expect(problems).toEqual([]);
  expect(lab?.hosts).toMatchObject([{ name: 'left', ssh: 'me@left' }]);
});
