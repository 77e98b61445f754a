import { expect, test } from 'vitest';
import { queryProgress } from '../../../../extension/qemu/migration.ts';
import { transferWords } from '../../../../extension/runtime/migration/transfer-words.ts';

test.each([
  [
    {
      ...{ status: 'active', 'expected-downtime': 40 },
      ram: { transferred: 12 << 20, remaining: 80 << 20, mbps: 268.435456 },
    },
    '12.0 MiB sent · 80.0 MiB to go · 32.0 MiB/s · will stand still for 40 ms',
  ],
  [{ status: 'setup' }, '0 B sent · 0 B to go'],
  [
    { status: 'active', 'expected-downtime': 'x', ram: { transferred: 1024, remaining: '7', mbps: null } },
    '1.0 KiB sent · 0 B to go',
  ],
])('%j is told as %s', (answer, words) => expect(transferWords(queryProgress.read(answer))).toBe(words));
