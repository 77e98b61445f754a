import { describe, expect, test } from 'vitest';
import {
  logFiles,
  logWindow,
  marksFile,
  parseMarks,
  showLog,
  shownBytes,
  type LogWords,
  type StartMark,
} from '../../../extension/runtime/console/console-marks.ts';

const words: LogWords = {
  started: ({ at, pid }) => `start ${at / 1000} ${pid ?? '-'}`,
  leftOut: bytes => `left out ${bytes}`,
};
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const shown = (text: string, marks: readonly StartMark[] = [], start = 0, size = start + bytesOf(text).length) =>
  showLog({ bytes: bytesOf(text), start, size }, marks, words);
const mark = (offset: number, seconds = 5): StartMark => ({ offset, at: seconds * 1000, pid: 7 });

describe('the marks of VM starts', () => {
  test('are read, and lines that are none are left out', () => {
    expect(parseMarks('0 1700000000 4711\n120 1700000100\nhalf\n12\n')).toEqual([
      { offset: 0, at: 1_700_000_000_000, pid: 4711 },
      { offset: 120, at: 1_700_000_100_000, pid: undefined },
    ]);
  });

  test('lie beside their log, also beside one that was put aside', () => {
    expect(logFiles('/r/fw.console.log').map(marksFile)).toEqual([
      '/r/fw.console.marks',
      '/r/fw.console.marks.1',
      '/r/fw.console.marks.2',
      '/r/fw.console.marks.3',
    ]);
  });
});

describe('a log as a document', () => {
  test('has the lines of the log, without what only a terminal understands', () => {
    expect(shown('one\r\n\u001b[1mtwo\u001b[0m\r\n').text).toBe('one\ntwo\n');
  });

  test('has a line where the VM was started', () => {
    expect(shown('a\r\nb\r\n', [mark(0, 1), mark(3, 2)]).text).toBe('start 1 7\na\nstart 2 7\nb\n');
  });

  test('has that line by itself, also where the VM was stopped in the middle of a line', () => {
    expect(shown('a\nfw# b\n', [mark(6)]).text).toBe('a\nfw# \nstart 5 7\nb\n');
  });

  test('has a line for a start that has printed nothing yet', () => {
    expect(shown('a\n', [mark(2)]).text).toBe('a\nstart 5 7\n');
  });

  test('says what is left out before and behind', () => {
    expect(shown('b\n', [mark(1)], 100, 150).text).toBe('left out 100\nb\nleft out 48\n');
  });

  test('finds the line of a byte of the log', () => {
    const text = 'zero\r\none\r\nhalf';
    const { lineOf, text: document } = shown(text, [mark(0), mark(6)]);
    const lines = document.split('\n');

    expect([0, 3, 6, 10, 11, 14].map(offset => lines[lineOf(offset)])).toEqual([
      'zero',
      'zero',
      'one',
      'one',
      'half',
      'half',
    ]);
  });

  test('shows a character that is cut at a start as a bad one, and goes on', () => {
    expect(shown('ä!', [mark(1)]).text).toBe('\ufffd\nstart 5 7\n\ufffd!\n');
  });
});

describe('the part of a log that is shown', () => {
  test.each([
    ['all of a small one', 1000, undefined, 0, true],
    ['the end of a big one', shownBytes + 10, undefined, 10, true],
    ['the end, if the place is in it', shownBytes + 10, 20, 10, true],
    ['what is around a place that lies before', 5 * shownBytes, 3 * shownBytes, 2.5 * shownBytes, false],
    ['the beginning, if the place is near it', 5 * shownBytes, 5, 0, false],
  ])('is %s', (_, size, offset, start, isAtEnd) => {
    expect(logWindow(size, offset)).toEqual({ start, bytes: shownBytes, isAtEnd });
  });
});
