import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManagementProtocol, type ManagementEvent } from '../../../extension/vde/management.ts';

const banner = 'VDE switch V.2.3.2\n(C) Virtual Square Team (coord. R. Davoli) 2005,2006,2007 - GPLv2\n\nvde$ ';
const refusal = '1006 No such device or address\n\nvde$ ';
const data =
  "0000 DATA END WITH '.'\nVLAN 0000\n -- Port 0016 tagged=0 active=1 status=Forwarding\n.\n1000 Success\n\nvde$ ";
const news = '3021 port/+ 03\n3023 port/descr Port 03 FD 10 -> "vdeplug: user=root pid=32417"\n';

const eventsOf = (...parts: readonly string[]): readonly ManagementEvent[] => {
  const protocol = new ManagementProtocol();
  return [...parts.flatMap(part => protocol.push(part)), ...protocol.end()];
};

const ready = { kind: 'ready' };
const answer = (code: number | undefined, text: string, block = '') => {
  return { kind: 'answer', answer: { code, text, data: block } };
};

describe('the management protocol', () => {
  test('is ready after the banner', () => {
    expect(eventsOf(banner)).toEqual([ready]);
  });

  test('knows the prompt of wirefilter', () => {
    expect(eventsOf('VDE wirefilter V.2.3.2\n\nVDEwf$ ')).toEqual([ready]);
  });

  test('gives the data block of an answer', () => {
    const block = 'VLAN 0000\n -- Port 0016 tagged=0 active=1 status=Forwarding\n';

    expect(eventsOf(banner, data)).toEqual([ready, answer(1000, 'Success', block), ready]);
  });

  test('gives the code and the words of a refusal', () => {
    expect(eventsOf(banner, refusal)).toEqual([ready, answer(1006, 'No such device or address'), ready]);
  });

  test('gives a refusal after an empty data block', () => {
    const empty = "0000 DATA END WITH '.'\n.\n1022 Invalid argument\n\nvde$ ";

    expect(eventsOf(banner, empty)).toEqual([ready, answer(1022, 'Invalid argument'), ready]);
  });

  test('does not carry the data of one answer over to the next', () => {
    const events = eventsOf(banner, data, '1000 Success\n\nvde$ ');

    expect(events.at(-2)).toEqual(answer(1000, 'Success'));
  });

  test('takes lines that look like codes and prompts inside a data block for data', () => {
    const odd = "0000 DATA END WITH '.'\n1000 Success\n3021 port/+ 03\nvde$ x\n..\n.\n1000 Success\n\nvde$ ";

    expect(eventsOf(banner, odd)).toEqual([
      ready,
      answer(1000, 'Success', '1000 Success\n3021 port/+ 03\nvde$ x\n..\n'),
      ready,
    ]);
  });

  test('gives what the switch says unasked, right behind the prompt', () => {
    expect(eventsOf(banner, news)).toEqual([
      ready,
      { kind: 'news', code: 3021, text: 'port/+ 03' },
      { kind: 'news', code: 3023, text: 'port/descr Port 03 FD 10 -> "vdeplug: user=root pid=32417"' },
    ]);
  });

  test('gives news between an end line and its prompt', () => {
    expect(eventsOf(banner, '1000 Success\n', '3022 port/- 03\n', '\nvde$ ')).toEqual([
      ready,
      answer(1000, 'Success'),
      { kind: 'news', code: 3022, text: 'port/- 03' },
      ready,
    ]);
  });

  test('answers an empty command', () => {
    expect(eventsOf(banner, '\nvde$ ')).toEqual([ready, answer(undefined, ''), ready]);
  });

  test('reads the last word of a session, which has no newline', () => {
    expect(eventsOf(banner, '9999 END OF SESSION')).toEqual([ready, answer(9999, 'END OF SESSION')]);
  });

  test('gives the same however the text is cut in two', () => {
    const session = banner + data + news + refusal + '\nvde$ ' + '9999 END OF SESSION';
    const whole = eventsOf(session);

    for (let at = 0; at <= session.length; at += 1) {
      expect(eventsOf(session.slice(0, at), session.slice(at))).toEqual(whole);
    }
    expect(eventsOf(...Array.from(session))).toEqual(whole);
  });

  test('never throws, and gives the same for any text cut anywhere', () => {
    const line = fc.constantFrom('0000 DATA', '.', '1000 Success', '3021 x', 'vde$ ', '', '99999', 'VLAN', '\r');
    const text = fc.array(fc.oneof(line, fc.string())).map(lines => lines.join('\n'));

    fc.assert(
      fc.property(text, fc.nat(), (session, cut) => {
        const at = cut % (session.length + 1);
        expect(eventsOf(banner, session.slice(0, at), session.slice(at))).toEqual(eventsOf(banner + session));
      }),
    );
  });
});
