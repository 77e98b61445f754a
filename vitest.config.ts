import { defineConfig, type Plugin } from 'vitest/config';

/** Bash files are imported as text, as the bundler does it. */
const bashAsText: Plugin = {
  name: 'bash-as-text',
  transform: (code, id) =>
    id.endsWith('.sh') ? { code: `export default ${JSON.stringify(code)};`, map: null } : undefined,
};

/** How long `expect.poll` asks, unless it is told otherwise. */
const patienceMs = 60_000;

const layer = (name: string, testTimeout: number, isParallel = true) => ({
  plugins: [bashAsText],
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['test/support/between-tests.ts'],
    testTimeout,
    hookTimeout: testTimeout,
    // Long, as nothing but a failure takes it all: on a busy machine a process may need seconds to begin.
    expect: { poll: { timeout: patienceMs, interval: 50 } },
    // Layers with real VMs share two cores: one file at a time.
    fileParallelism: isParallel,
  },
});

export default defineConfig({
  test: {
    projects: [
      layer('unit', 90_000),
      layer('golden', 90_000),
      layer('system', 600_000, false),
      layer('e2e', 600_000, false),
    ],
  },
});
