import { describe, expect, test } from 'vitest';
import { readKvmscript } from '../../../extension/lab/kvmscript-defaults.ts';

describe('~/.kvmscript', () => {
  test('gives defaults without being run', () => {
    const text = '# mine\nRAM=512\nexport CPUS=2\nACCEL="tcg" # slow\n\n  MAC_PREFIX=\'02:00:5E\'\r\nNIC_MODEL=e1000\n';

    expect(readKvmscript(text)).toEqual({
      defaults: { memory: '512M', cpus: 2, accel: 'tcg', macPrefix: '02:00:5e', model: 'e1000' },
      notUnderstood: [],
    });
  });

  test('the last assignment counts, and variables for other things are left alone', () => {
    expect(readKvmscript('RAM=1G\nEDITOR=vi\nRAM=2G')).toEqual({ defaults: { memory: '2G' }, notUnderstood: [] });
  });

  test.each([
    'RAM=$(free -m)',
    'RAM=`x`',
    'RAM="$HOME"',
    'RAM=lots',
    'RAM=1G; rm -rf /',
    'RAM=1G CPUS=2',
    'CPUS=0',
    'RAM =1G',
    'source other',
    'RAM=1G#2',
    "RAM='1G",
  ])('%s is reported, not used', line => {
    expect(readKvmscript(`\n${line}\n`)).toEqual({ defaults: {}, notUnderstood: [{ line: 2, text: line }] });
  });
});
