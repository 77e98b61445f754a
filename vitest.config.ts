import { defineConfig, type Plugin } from 'vitest/config';

/** Bash files are imported as text, as the bundler does it. */
const bashAsText: Plugin = {
  name: 'bash-as-text',
  transform: (code, id) =>
    id.endsWith('.sh') ? { code: `export default ${JSON.stringify(code)};`, map: null } : undefined,
};

const layer = (name: string, testTimeout: number, isParallel = true) => ({
  plugins: [bashAsText],
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    // Layers with real VMs share two cores: one file at a time.
    fileParallelism: isParallel,
  },
});

export default defineConfig({
  test: {
    projects: [
      layer('unit', 20_000),
      layer('golden', 60_000),
      layer('system', 300_000, false),
      layer('e2e', 300_000, false),
    ],
  },
});
