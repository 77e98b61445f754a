import { expect, test } from 'vitest';
import { kvmscriptPath, labRunDir, runRoot } from '../../../extension/host/paths.ts';

test.each([
  [{ KVMLAB_RUN_ROOT: '/t/x/', XDG_RUNTIME_DIR: '/run/user/7' }, '/t/x'],
  [{ XDG_RUNTIME_DIR: '/tmp' }, '/tmp/kvmlab'],
  [{ XDG_RUNTIME_DIR: '/no/such/folder' }, '/tmp/kvmlab-7'],
  [{ XDG_RUNTIME_DIR: '', KVMLAB_RUN_ROOT: '' }, '/tmp/kvmlab-7'],
  [{}, '/tmp/kvmlab-7'],
])('with %j the run-time folders lie in %s', (env, root) => {
  expect(runRoot(env, 7).replace(/\/$/, '')).toBe(root);
});

test('a lab has its own folder there', () => {
  expect(labRunDir('/tmp/kvmlab-7', 'dmz')).toBe('/tmp/kvmlab-7/dmz');
});

test("the user's defaults lie in the home folder", () => {
  expect(kvmscriptPath({ HOME: '/home/u' })).toBe('/home/u/.kvmscript');
});
