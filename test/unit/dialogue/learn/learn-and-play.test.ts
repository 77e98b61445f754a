import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learnScript } from '../../../../extension/dialogue/learn/learn-script.ts';
import type { Recording } from '../../../../extension/dialogue/learn/recording.ts';
import { scriptText } from '../../../../extension/dialogue/script-text.ts';
import { PlayedScript } from '../../../support/fake-stage.ts';
import { StoryGuest, question, recordStory, secret, type Question } from '../../../support/story-guest.ts';

/** Plays the script against the same guest in a later run, what it prints cut into pieces; gives what the guest got. */
function replayed(text: string, values: ReadonlyMap<string, string>, questions: readonly Question[], cut: number) {
  const it = new PlayedScript(text, Object.fromEntries(values));
  const pieces: Uint8Array[] = [];
  const guest = new StoryGuest(questions, 2, printed => {
    const bytes = new TextEncoder().encode(printed);
    for (let at = 0; at < bytes.length; at += cut) pieces.push(bytes.slice(at, at + cut));
  });
  it.stage.onType = typed => guest.type(typed);
  guest.boot();
  it.player.play();
  for (let idle = 0; idle < 3; idle += 1) {
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
      it.player.hear(piece);
      idle = 0;
    }
    it.stage.clock.advance(500);
  }
  const { state } = it.player;
  const stuck =
    state.kind === 'stuck' ? `${String(state.stuck.step.place.line)}: ${state.stuck.lastLines.join('\n')}` : '';
  return { answers: guest.answers, end: state.kind, stuck };
}

const story = fc.array(question, { minLength: 1, maxLength: 6 });

describe('a dialogue that was recorded', () => {
  test('is played again with the same answers, though the guest says other numbers and in other pieces', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 40 }), (questions, cut) => {
        const { recording, answers } = recordStory(questions);
        const learned = learnScript(recording);
        const text = scriptText(learned, 'Learned.');

        expect({ text, ...replayed(text, learned.values, questions, cut) }).toEqual({
          text,
          answers,
          end: 'finished',
          stuck: '',
        });
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same script however the output was cut', () => {
    fc.assert(
      fc.property(story, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (questions, cuts) => {
        const { recording } = recordStory(questions);

        expect(learnScript(recut(recording, cuts))).toEqual(learnScript(recording));
      }),
    );
  });

  test('gives a script without its secrets, also where the guest shows them and they are typed elsewhere', () => {
    fc.assert(
      fc.property(story, secret, (questions, password) => {
        const asked: Question = {
          ...{ lines: [], hasProgress: false, prompt: ['Password: '], mode: 'hidden', answer: password },
          typing: { typoAt: undefined, isFast: false },
        };
        const told: Question = {
          ...asked,
          lines: [[`It is ${password}`]],
          prompt: [`${password}> `],
          mode: 'line',
          answer: `x${password}`,
        };
        const { recording } = recordStory([...questions, asked, told]);

        const text = scriptText(learnScript(recording), 'Learned.');

        const secrets = [...questions, asked]
          .filter(({ mode }) => mode !== 'line' && mode !== 'key')
          .map(({ answer }) => answer);
        expect(secrets.filter(one => text.includes(one))).toEqual([]);
      }),
    );
  });
});

function recut({ parts }: Recording, cuts: readonly number[]): Recording {
  let next = 0;
  return {
    parts: parts.flatMap(part => {
      if (part.kind === 'typed') return [part];
      const pieces = [];
      for (let at = 0; at < part.bytes.length;) {
        const length = cuts[next++ % cuts.length] ?? 1;
        pieces.push({ ...part, bytes: part.bytes.slice(at, at + length) });
        at += length;
      }
      return pieces;
    }),
  };
}
