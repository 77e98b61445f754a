import { describe, expect, test } from 'vitest';
import { parsePackages } from '../../../extension/guest/debian-control.ts';

const shown = `Package: linux-image-cloud-amd64
Source: linux-signed-amd64 (6.1.192+2)
Version: 6.1.192-2
Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2), kmod:any | busybox, libc6 (>= 2.3)
Description: Linux for x86-64 cloud (meta-package)
 Version: not this one

Package: busybox-static
Version: 1:1.35.0-4+deb12u1+b1

`;

describe('what apt shows of packages', () => {
  test('is read paragraph by paragraph', () => {
    expect(parsePackages(shown)).toEqual([
      {
        name: 'linux-image-cloud-amd64',
        version: '6.1.192-2',
        depends: ['linux-image-6.1.0-56-cloud-amd64', 'kmod', 'libc6'],
      },
      { name: 'busybox-static', version: '1:1.35.0-4+deb12u1+b1', depends: [] },
    ]);
  });

  test.each(['', '\n\n', 'N: Unable to locate package x\n', 'Package: only-a-name\n'])('may be nothing: %j', text => {
    expect(parsePackages(text)).toEqual([]);
  });
});
