import { expect, test } from 'vitest';
import { Emitter } from '../../../extension/base/emitter.ts';
import { pcapHeader, pcapRecord } from '../../../extension/packets/pcap.ts';
import { PacketSession } from '../../../extension/runtime/capture/packet-session.ts';
import { PacketPanel } from '../../../extension/vscode/captures/packet-panel.ts';
import type { FromPackets, ToPackets } from '../../../webview/protocol.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeTab } from '../../support/fake-tab.ts';

const identity = { operand: 'vm:two/one:1', title: 'one NIC 1', filter: '' };
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
const never = new Emitter<never>().event;

/** A tab with two packets, and what answers the questions about them, in the order of asking. */
async function open() {
  const bytes = new Emitter<Uint8Array>();
  const answers: ((pdml: undefined) => void)[] = [];
  const makeSession = (): PacketSession =>
    new PacketSession([identity.operand], {
      clock: new FakeClock(),
      decoders: {
        lines: () =>
          Promise.resolve({ onLines: never, onEnd: never, write: () => undefined, dispose: () => undefined }),
        detail: () => new Promise(resolve => answers.push(resolve)),
      },
      processes: {
        stream: () => ({ onBytes: bytes.event, onNews: never, onEnd: never, dispose: () => undefined }),
        detach: () => Promise.reject(new Error('nothing is detached here')),
      },
    });
  const tab = new FakeTab<FromPackets, ToPackets>();
  new PacketPanel(identity, tab, {
    makeSession: () => Promise.resolve(makeSession()),
    isTrusted: () => true,
    save: () => Promise.resolve(),
    report: error => expect.fail(String(error)),
  });
  tab.say({ type: 'ready' });
  await settle();
  bytes.fire(pcapHeader());
  for (const length of [60, 61]) bytes.fire(pcapRecord({ time: 0, bytes: new Uint8Array(length), length }));
  return { tab, answers };
}

const shown = (tab: FakeTab<FromPackets, ToPackets>): readonly number[] =>
  tab.ofType('detail').map(({ bytes }) => bytes.length);

test('the packet that was selected last is the one that is shown, whichever is decoded first', async () => {
  const { tab, answers } = await open();
  tab.say({ type: 'select', number: 1 });
  tab.say({ type: 'select', number: 2 });

  answers[1]?.(undefined);
  await settle();
  answers[0]?.(undefined);
  await settle();

  expect(shown(tab)).toEqual([61]);
});

test('a packet of a capture that has begun anew is not shown', async () => {
  const { tab, answers } = await open();
  tab.say({ type: 'select', number: 1 });
  tab.say({ type: 'start', filter: 'icmp' });
  await settle();

  answers[0]?.(undefined);
  await settle();

  expect(shown(tab)).toEqual([]);
});
