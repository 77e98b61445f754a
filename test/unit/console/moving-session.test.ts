import { expect, test } from 'vitest';
import { Emitter } from '../../../extension/base/emitter.ts';
import type { ByteSession } from '../../../extension/runtime/console/byte-session.ts';
import type { ConsoleState } from '../../../extension/runtime/console/console-state.ts';
import { MovingSession } from '../../../extension/runtime/console/moving-session.ts';

class FakeSession implements ByteSession {
  readonly data = new Emitter<Uint8Array>();
  readonly changed = new Emitter<ConsoleState>();
  readonly onData = this.data.event;
  readonly onDidChangeState = this.changed.event;
  readonly deeds: string[] = [];
  readonly state: ConsoleState = { kind: 'connected' };

  open(): void {
    this.deeds.push('open');
  }

  retryNow(): void {
    this.deeds.push('retry');
  }

  write(bytes: Uint8Array): boolean {
    this.deeds.push(`write ${bytes.join(' ')}`);
    return true;
  }

  dispose(): void {
    this.deeds.push('dispose');
  }
}

test('who listens and writes has the console where it is now, and nothing of where it was', () => {
  const [first, second] = [new FakeSession(), new FakeSession()];
  const session = new MovingSession(first);
  const heard: number[] = [];
  session.onData(bytes => heard.push(...bytes));
  session.open();
  first.data.fire(new Uint8Array([1]));

  session.moveTo(second);
  first.data.fire(new Uint8Array([2]));
  second.data.fire(new Uint8Array([3]));
  session.write(new Uint8Array([4]));
  session.dispose();

  expect(heard).toEqual([1, 3]);
  expect(first.deeds).toEqual(['open', 'dispose']);
  expect(second.deeds).toEqual(['open', 'write 4', 'dispose']);
});

test('one that is not open yet is not opened by a move', () => {
  const second = new FakeSession();

  new MovingSession(new FakeSession()).moveTo(second);

  expect(second.deeds).toEqual([]);
});
