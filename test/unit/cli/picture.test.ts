import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const diag = 'nwdiag {\n  network lan {\n    address = "10.0.0.0/24";\n    web [address = "10.0.0.80"];\n  }\n}\n';
const lab = 'switches:\n  lan: {}\nvms:\n  fw: { id: 31, nics: [{ switch: lan }] }\n';
const files = { '/work/a.diag': diag, '/work/dmz.lab.yaml': lab };

describe('kvmlab picture', () => {
  test.each([['-o', 'json'], ['--format=json'], ['-o', '-'], []])(
    'prints where nwdiag puts everything with %j %j',
    async (...options) => {
      const terminal = new FakeTerminal(files);

      expect(await terminal.run('picture', 'a.diag', ...options)).toBe(0);
      expect(terminal.json()).toMatchObject({
        size: [304, 300],
        networks: [{ id: 'lan', label: 'lan\n10.0.0.0/24' }],
        nodes: { web: { grid: [0, 0], box: [152, 156, 256, 196], links: [{ net: 0, address: '10.0.0.80' }] } },
      });
    },
  );

  test('draws the lab of the folder clear, into a file', async () => {
    const terminal = new FakeTerminal(files);

    expect([await terminal.run('picture', '-o', 'out.json'), terminal.out]).toEqual([0, '']);
    const written = JSON.parse(terminal.files.held.get('/work/out.json') ?? '') as unknown;
    expect(written).toMatchObject({ networks: [{ id: 'lan', row: 0 }], nodes: { fw: { grid: [0, 1] } } });
  });

  test.each([
    ['svg', /^<svg [^>]*>\n<title>a<\/title>/],
    ['diag', /^nwdiag \{/],
    ['dot', /^graph "a" \{/],
    ['d2', /^# a\n/],
    ['mmd', /^---\ntitle: "a"\n---\nflowchart TB/],
    ['drawio', /^<\?xml .*\n<mxfile>/],
  ])('writes %s to the output, and into a file whole', async (format, beginning) => {
    const terminal = new FakeTerminal(files);

    expect(await terminal.run('picture', 'a.diag', '-o', format)).toBe(0);
    const { out } = terminal;
    expect([out, await terminal.run('picture', 'a.diag', '-o', `b.${format}`)]).toEqual([
      expect.stringMatching(beginning),
      0,
    ]);
    expect(terminal.files.held.get(`/work/b.${format}`)).toBe(out);
  });

  test('draws a PNG of the light theme unless another is asked for, twice as sharp', async () => {
    const terminal = new FakeTerminal(files);

    await terminal.run('picture', 'a.diag', '-o', 'a.png');
    await terminal.run('picture', 'a.diag', '-o', 'b.PNG', '--theme=dark');
    const [light, dark] = ['a.png', 'b.PNG'].map(name => terminal.files.held.get(`/work/${name}`) ?? '');
    expect(light).toMatch(/^2 × <svg /);
    expect(light).not.toContain('var(');
    expect(dark).toContain('.page{fill:#1f1f1f}');
  });

  test.each([
    [['-o', 'png'], 'PNG is no text'],
    [['--theme', 'pink'], 'There is no theme pink.'],
    [['--layout', 'pretty'], 'There is no layout pretty.'],
    [['-o', 'x.bmp'], 'There is no format bmp.'],
    [['--format', '__proto__'], 'There is no format __proto__.'],
  ])('refuses %j', async (options, message) => {
    const terminal = new FakeTerminal(files);

    expect([await terminal.run('picture', 'a.diag', ...options), terminal.err]).toEqual([
      2,
      expect.stringContaining(message),
    ]);
  });

  test.each([
    ['gone.diag', 'There is no file gone.diag.'],
    ['b.diag', 'b.diag:1:'],
  ])('says what is wrong with %s', async (file, message) => {
    const terminal = new FakeTerminal({ ...files, '/work/b.diag': 'nwdiag { network {' });

    expect([await terminal.run('picture', file), terminal.err]).toEqual([1, expect.stringContaining(message)]);
  });
});
