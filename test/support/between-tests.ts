import { setImmediate as turn } from 'node:timers/promises';
import { afterEach } from 'vitest';

// A worker tells vitest of its tests by messages, and takes an answer for lost that it has not read after a minute. Tests
// that calculate without pause, one after another, would not let it read.
afterEach(() => turn());
