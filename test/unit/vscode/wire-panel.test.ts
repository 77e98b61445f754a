import { beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { WirePanel, type WireActions } from '../../../extension/vscode/wires/wire-panel.ts';
import type { FromWires, ToWires, WirePicture, WireWays } from '../../../webview/protocol.ts';
import { FakeTab } from '../../support/fake-tab.ts';

const target = { lab: '/labs/dmz.lab.yaml', name: 'lan-dmz', nic: 0 };
const slow: WireWays = { there: { delay: { value: 20 } }, back: { delay: { value: 20 } } };

let live: WireWays;
let done: string[];
let failure: Error | undefined;
let isTrusted: boolean;
let bugs: unknown[];
let tab: FakeTab<FromWires, ToWires>;
let panel: WirePanel;
/** Looks at the wire wait for this. */
let answer: Promise<void>;

const picture = (): WirePicture => ({
  ...{ target, title: 'lan – dmz', ends: ['lan', 'dmz'], news: '', states: '', presets: [] },
  ...{ live, file: live, canApply: true, canWrite: true },
});

beforeEach(() => {
  live = { there: {}, back: {} };
  [done, failure, isTrusted, bugs, tab] = [[], undefined, true, [], new FakeTab()];
  answer = Promise.resolve();
  const work = (words: string, change?: () => void): Promise<string> => {
    if (failure) return Promise.reject(failure);
    change?.();
    done.push(words);
    return Promise.resolve(words);
  };
  const actions: WireActions = {
    change: (_target, ways) => work('changed', () => (live = ways)),
    usePreset: (_target, name) => work(`preset ${name}`),
    reset: () => work('reset', () => (live = { there: {}, back: {} })),
    measure: () => work('20 ms'),
    write: (_target, ways) => work(`written ${ways ? 'as shown' : 'as it is'}`),
  };
  const draw = async (): Promise<WirePicture> => {
    const seen = picture();
    await answer;
    return seen;
  };
  panel = new WirePanel(target, tab, { draw, actions, isTrusted: () => isTrusted, report: error => bugs.push(error) });
  panel.tab.onDidChangeVisibility(() => void panel.update());
});

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(resolve => setImmediate(resolve));
};
async function say(...messages: readonly FromWires[]): Promise<void> {
  for (const message of messages) tab.say(message);
  await settle();
}

describe('the panel of a wire', () => {
  test('tells its view nothing before it is there, and nothing twice', async () => {
    await panel.update();
    expect(tab.posted).toEqual([]);
    await say({ type: 'ready' });
    await panel.update();

    expect(tab.ofType('wire').map(({ wire }) => wire.title)).toEqual(['lan – dmz']);
  });

  test('tells what the wire is now before it says that the change is done', async () => {
    await say({ type: 'ready' }, { type: 'change', ways: slow });

    expect(tab.posted.slice(-2)).toMatchObject([
      { type: 'wire', wire: { live: slow } },
      { type: 'done', words: 'changed', isWritten: false },
    ]);
  });

  test('looks again after a change although a look was on the way that saw the wire as it was', async () => {
    await say({ type: 'ready' });
    let open: (() => void) | undefined;
    answer = new Promise(resolve => (open = resolve));
    void panel.update();
    await say({ type: 'change', ways: slow });
    open?.();
    await settle();

    expect(tab.ofType('wire').at(-1)?.wire.live).toEqual(slow);
  });

  test('does what is asked, one after the other', async () => {
    await say(
      { type: 'ready' },
      { type: 'preset', name: 'lte' },
      { type: 'reset' },
      { type: 'write', ways: slow },
      { type: 'write', ways: undefined },
      { type: 'measure' },
    );

    expect(done).toEqual(['preset lte', 'reset', 'written as shown', 'written as it is', '20 ms']);
    expect(tab.ofType('done').map(({ isWritten }) => isWritten)).toEqual([false, false, true, true, false]);
  });

  test('says why something is refused; what is no fault of the user is reported too', async () => {
    failure = new UserError('wirefilter does not answer.');
    await say({ type: 'ready' }, { type: 'reset' });
    failure = new Error('a bug');
    await say({ type: 'reset' });

    expect(tab.ofType('refused').map(({ reason }) => reason)).toEqual(['wirefilter does not answer.', 'a bug']);
    expect(bugs).toEqual([failure]);
  });

  test('changes nothing in a workspace that is not trusted', async () => {
    isTrusted = false;
    await say({ type: 'ready' }, { type: 'change', ways: slow }, { type: 'write', ways: slow });

    expect(done).toEqual([]);
    expect(tab.ofType('refused')).toHaveLength(2);
  });

  test('lets go of everything when its tab is closed', async () => {
    await say({ type: 'ready' });
    tab.closeByUser();
    await panel.update();

    expect([tab.listenerCount, tab.ofType('wire').length]).toEqual([0, 1]);
  });
});
