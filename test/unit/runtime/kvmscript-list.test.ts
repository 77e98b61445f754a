import { describe, expect, test } from 'vitest';
import { kvmscriptProblems } from '../../../extension/runtime/views/kvmscript-list.ts';

const placed = (text: string) =>
  kvmscriptProblems(text).map(({ problem, start, end }) => [
    problem.message.split(' ')[0],
    `${start.line}:${start.column}-${end.line}:${end.column}`,
  ]);

describe('problems of ~/.kvmscript in an editor', () => {
  test('stand at what is written on their lines', () => {
    expect(placed('RAM=1G\n  CPUS=many  \n\n\ttouch x\n')).toEqual([
      ['CPUS', '1:2-1:11'],
      ['"touch', '3:1-3:8'],
    ]);
  });

  test.each(['\r\n', '\r'])('whatever ends the lines: %j', end => {
    expect(placed(`RAM=1G${end}CPUS=many${end}VNC=$(x)${end}`)).toEqual([
      ['CPUS', '1:0-1:9'],
      ['VNC', '2:0-2:8'],
    ]);
  });

  test('are none in an empty file', () => {
    expect(placed('')).toEqual([]);
  });
});
