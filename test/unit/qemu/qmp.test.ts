import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonObjects } from '../../../extension/qemu/json-objects.ts';
import { QmpProtocol, type QmpNews } from '../../../extension/qemu/qmp.ts';
import { QmpWatch, type VmNews } from '../../../extension/qemu/qmp-watch.ts';
import { queryCdDrives, queryStatus } from '../../../extension/qemu/qmp-queries.ts';
import { haltWords } from '../../../extension/qemu/vm-status.ts';

const greeting = '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}, "capabilities": ["oob"]}}\r\n';
const agreed = '{"return": {}}\r\n';

/** Cuts a text at the places given. */
const pieces = (text: string, cuts: readonly number[]): readonly string[] => {
  const places = [0, ...cuts.map(cut => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, at) => text.slice(places[at], end));
};

function readyProtocol(): QmpProtocol {
  const protocol = new QmpProtocol();
  protocol.push(greeting);
  protocol.push(agreed);
  return protocol;
}

describe('cutting JSON out of a stream', () => {
  const anObject = fc.dictionary(fc.string(), fc.jsonValue());

  test('gives the same objects wherever the stream is cut, in one line each or pretty', () => {
    const stream = fc.record({
      objects: fc.array(anObject, { maxLength: 6 }),
      indent: fc.constantFrom(undefined, 4),
      between: fc.constantFrom('', '\r\n', ' \t\n\n'),
      cuts: fc.array(fc.nat(), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(stream, ({ objects, indent, between, cuts }) => {
        const text = objects.map(one => JSON.stringify(one, undefined, indent) + between).join('');
        const machine = new JsonObjects();

        const found = pieces(text, cuts).flatMap(piece => machine.push(piece));

        expect(found.map(one => JSON.parse(one) as unknown)).toEqual(
          objects.map(one => JSON.parse(JSON.stringify(one)) as unknown),
        );
      }),
    );
  });

  test('keeps to its limit when an object never ends, however small the pieces are', () => {
    const machine = new JsonObjects(1000);
    const feed = (): void => {
      for (let at = 0; at < 300; at++) machine.push(at === 0 ? '{"a":"' : 'xxxxx');
    };

    expect(feed).toThrow('more than 1000 characters');
  });

  test.each(['[1]', 'SSH-2.0-OpenSSH', '{}]', '\u0000{}'])('refuses %j, which no QMP server says', text => {
    expect(() => new JsonObjects().push(text)).toThrow('where a message should begin');
  });

  test('takes a megabyte, byte by byte, in a moment', () => {
    const machine = new JsonObjects();
    const text = JSON.stringify({ a: 'x'.repeat(1_000_000) });
    const start = performance.now();

    let found = 0;
    for (const char of text) found += machine.push(char).length;

    expect(found).toBe(1);
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});

describe('QMP', () => {
  test('is greeted, agrees on capabilities, asks and is answered', () => {
    const protocol = new QmpProtocol();

    expect(protocol.push(greeting)).toEqual({ news: [], write: '{"execute":"qmp_capabilities"}\n' });
    expect(protocol.push(agreed)).toEqual({ news: [{ kind: 'ready' }], write: '' });
    expect(protocol.command(queryStatus)).toEqual({ id: 1, text: '{"execute":"query-status","id":1}\n' });
    expect(protocol.push('{"return": {"status": "paused"}, "id": 1}\r\n').news).toEqual([
      { kind: 'answer', id: 1, value: { status: 'paused' } },
    ]);
  });

  test('says the same however what it receives is cut', () => {
    const script =
      greeting +
      agreed +
      '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "STOP"}\r\n' +
      '{"id": 1, "return": "}{\\"\\\\"}\r\n{"id": 2, "error": {"class": "GenericError", "desc": "no \\u00fc"}, "x": 1}\r\n';
    const whole = new QmpProtocol().push(script);

    expect(whole.news.map(one => one.kind)).toEqual(['ready', 'event', 'answer', 'refusal']);
    fc.assert(
      fc.property(fc.array(fc.nat()), cuts => {
        const protocol = new QmpProtocol();
        const steps = pieces(script, cuts).map(piece => protocol.push(piece));

        expect(steps.flatMap(step => step.news)).toEqual(whole.news);
        expect(steps.map(step => step.write).join('')).toBe(whole.write);
      }),
    );
  });

  test('hears an event before its answer, and between greeting and capabilities', () => {
    const protocol = new QmpProtocol();
    protocol.push(greeting);

    const { news } = protocol.push('{"event": "RESUME", "data": {"a": 1}}' + agreed);

    expect(news).toEqual([{ kind: 'event', event: { name: 'RESUME', data: { a: 1 } } }, { kind: 'ready' }]);
  });

  test('ignores members, answers and messages that it does not know', () => {
    const protocol = readyProtocol();

    expect(protocol.push('{"return": {}, "id": "not ours"}{"return": {}}{"new": true}').news).toEqual([]);
  });

  test.each([
    ['{"return": {}}', 'no greeting of QMP'],
    ['hello', 'where a message should begin'],
    ['{"QMP": nonsense}', 'JSON'],
    [`${greeting}{"error": {"class": "x", "desc": "not you"}}`, 'capabilities were refused: not you'],
    [`${greeting}${agreed}{"error": {"class": "GenericError", "desc": "JSON parse error"}}`, 'JSON parse error'],
  ])('after %j hears nothing any more', (text, reason) => {
    const protocol = new QmpProtocol();

    expect(protocol.push(text).news.at(-1)).toEqual({
      kind: 'broken',
      reason: expect.stringContaining(reason) as string,
    });
    expect(protocol.push(greeting + agreed)).toEqual({ news: [], write: '' });
  });

  test('never throws, and breaks at most once, whatever it is told', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('{"QMP":{}}', agreed, '{"event":{}}', '{"return":1,"id":1}', '{"error":[],"id":1}', '{'),
    );
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 12 }), texts => {
        const protocol = new QmpProtocol(2000);
        const news = texts.flatMap((text): readonly QmpNews[] => protocol.push(text).news);

        expect(news.filter(one => one.kind === 'broken').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('lets nobody ask before it is ready', () => {
    expect(() => new QmpProtocol().command(queryStatus)).toThrow('before QMP was ready');
  });
});

describe('watching a VM', () => {
  test('asks for the status at first, and after what may have changed it', () => {
    const watch = new QmpWatch();
    const question = (id: number): string => `{"execute":"query-status","id":${id}}\n`;

    expect(watch.push(greeting + agreed).write).toBe(`{"execute":"qmp_capabilities"}\n${question(1)}`);
    expect(watch.push('{"return": {"status": "running"}, "id": 1}').news).toEqual([
      { kind: 'status', status: 'running' },
    ]);
    expect(watch.push('{"event": "RTC_CHANGE"}').write).toBe('');
    expect(watch.push('{"event": "STOP"}{"event": "BLOCK_IO_ERROR"}').write).toBe(question(2));
  });

  test('tells nothing of an answer that makes no sense', () => {
    const watch = new QmpWatch();
    watch.push(greeting + agreed);

    const news: readonly VmNews[] = watch.push('{"return": [], "id": 1}{"return": {"status": 7}, "id": 1}').news;

    expect(news).toEqual([]);
  });
});

describe('why a guest does not run', () => {
  test.each([
    ['running', undefined],
    ['paused', 'paused'],
    ['prelaunch', 'paused'],
    ['io-error', 'paused: disk error'],
    ['something-new', 'something-new'],
  ])('%s is told as %s', (status, words) => {
    expect(haltWords(status)).toBe(words);
  });
});

describe('the CD drives of a VM', () => {
  const entry = (parts: object) => ({ removable: true, tray_open: false, locked: false, device: '', ...parts });

  test('are those with a tray, ours first, named as commands want it', () => {
    const drives = queryCdDrives.read([
      { device: 'disk1', removable: false, inserted: { file: 'x' } },
      { device: 'floppy0', removable: true },
      entry({ device: '', qdev: '/machine/unattached/device[19]', locked: true }),
      entry({ device: 'cdrom', tray_open: true, inserted: { file: '/a.iso' } }),
    ]);

    expect(drives).toEqual([
      { drive: { device: 'cdrom' }, file: '/a.iso', isTrayOpen: true, isLocked: false },
      { drive: { id: '/machine/unattached/device[19]' }, file: undefined, isTrayOpen: false, isLocked: true },
    ]);
  });

  test.each([undefined, {}, [1, null, 'x', []]])('of %j are none', answer => {
    expect(queryCdDrives.read(answer)).toEqual([]);
  });
});
