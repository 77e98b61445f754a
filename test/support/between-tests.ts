import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach } from 'vitest';

// The same random cases at each run, so that a change is judged by what it changes. `npm run fuzz` draws others, and more.
if (process.env['KVMLAB_FUZZ'] === undefined) fc.configureGlobal({ seed: 20_261_122 });

// A worker tells vitest of its tests by messages, and takes an answer for lost that it has not read after a minute. Tests
// that calculate without pause, one after another, would not let it read.
afterEach(() => turn());
