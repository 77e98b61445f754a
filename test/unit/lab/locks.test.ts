import { expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';

const said = (text: string) =>
  readLab(text).problems.map(({ code, message, span }) => [code, text.slice(span.start, span.end), message]);

test('a lab says in which folder its locks are, or has none', () => {
  expect(readLab('locks: /srv/vms/locks\nvms: {}')).toMatchObject({ lab: { locks: '/srv/vms/locks' }, problems: [] });
  expect(readLab('vms: {}').lab).not.toHaveProperty('locks');
});

test.each(['locks', './locks', '~/locks', '/srv/../locks', '/srv/my locks', '/srv/$(id)', '/', ''])(
  'the folder of locks cannot be "%s", which would not be the same on each host',
  folder => {
    expect(said(`locks: "${folder}"\nvms: {}`)).toMatchObject([
      ['bad-value', `"${folder}"`, expect.stringMatching(/^locks takes /)],
    ]);
  },
);

test('each host that does not share the folder of locks is reported', () => {
  const text =
    'locks: /srv/vms/locks\nhosts:\n  left: { shared: /srv/vms/ }\n  right: { shared: [/srv, /x] }\n' +
    '  near: { shared: /srv/vm }\n  none:\n  root: { shared: / }\nvms: {}';

  expect(said(text)).toEqual(
    ['near', 'none'].map(name => [
      'locks-not-shared',
      '/srv/vms/locks',
      `Host ${name} does not see /srv/vms/locks. Add its folder to "shared:" of ${name}.`,
    ]),
  );
});
