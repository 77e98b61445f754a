import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { lab as aLab, vm } from '../support/lab-builder.ts';
import { hasPacemaker, ocf, OcfAgent } from '../support/ocf-agent.ts';
import { ScriptLab } from '../support/script-lab.ts';

/** Locks need one; some containers have none. */
const hasMachineId = existsSync('/etc/machine-id') && /^[0-9a-f]{32}$/m.test(readFileSync('/etc/machine-id', 'utf8'));

// Left out where Pacemaker is not installed: see tools/programs.mjs.
describe.skipIf(!hasPacemaker)('the resource agent of VMs', () => {
  let lab: ScriptLab;
  let agent: OcfAgent;

  beforeEach(async () => {
    const [id] = await freeIds(1);
    // A real QEMU that stands still at its firmware, so it never hears its power button.
    lab = new ScriptLab(aLab({ name: 'ha', vms: [vm('fw', id, { memory: '16M', accel: 'tcg', extra: ['-S'] })] }));
    chmodSync(lab.root, 0o755);
    agent = agentFor(script());
  });

  afterEach(() => lab.dispose());

  const script = (): string => path.join(lab.folder, 'fw.sh');
  const agentFor = (file: string, more: Readonly<Record<string, string>> = {}): OcfAgent =>
    new OcfAgent(lab.root, { script: file, run_root: lab.runRoot, ...more });
  const briefly = { timeout: '31000' };

  test('passes ocf-tester with a real VM', () => {
    const { code, output } = agent.test();

    expect(output).toContain('passed all tests');
    expect(output).not.toContain('* rc=');
    expect(code).toBe(0);
    expect(lab.processes('fw.pid')).toEqual([]);
  });

  test('starts, sees, and ends a VM that ignores its power button', () => {
    expect(agent.run('monitor').code).toBe(ocf.notRunning);
    expect(agent.run('start').code).toBe(ocf.success);
    expect(agent.run('monitor').code).toBe(ocf.success);
    expect(lab.isAlive(lab.pid('fw.pid'))).toBe(true);

    expect(agent.run('stop', briefly).code).toBe(ocf.success);

    expect(agent.run('monitor').code).toBe(ocf.notRunning);
    expect(lab.processes('fw.pid')).toEqual([]);
  });

  test('sees a VM whose process was killed as not running, and starts it again', async () => {
    agent.run('start');
    await lab.kill('fw.pid');

    expect(agent.run('monitor').code).toBe(ocf.notRunning);
    expect(agent.run('start').code).toBe(ocf.success);
  });

  test('never says of a VM that it is stopped while nobody can tell', () => {
    agent.run('start');
    const pid = lab.pid('fw.pid');
    renameSync(script(), `${script()}.gone`);

    expect([agent.run('stop').code, agent.run('monitor').code]).toEqual([ocf.generic, ocf.notInstalled]);
    writeFileSync(script(), '#!/bin/sh\necho no answer; exit 1\n', { mode: 0o755 });

    const stop = agent.run('stop', briefly);
    expect([stop.code, agent.run('monitor').code]).toEqual([ocf.generic, ocf.generic]);
    expect(stop.output).toContain('no answer');
    expect(lab.isAlive(pid)).toBe(true);
  });

  test.skipIf(!hasMachineId)(
    'breaks the lock of another host only when that was fenced: not when nobody knows',
    async () => {
      const locks = path.join(lab.root, 'locks');
      mkdirSync(locks);
      lab.writeScripts({ ...lab.lab, locks });
      expect(agent.run('start').code).toBe(ocf.success);
      agent.run('stop', briefly);
      // As another host would hold it.
      const folder = path.join(locks, 'ha/fw');
      const record = readdirSync(folder).find(name => name.startsWith('record.'))!;
      const held = readFileSync(path.join(folder, record), 'utf8')
        .replace('state=free', 'state=running')
        .replace(/host=\S+ machine=\S+/, `host=elsewhere machine=${'0'.repeat(32)}`);
      writeFileSync(path.join(folder, record), held);

      const start = agent.run('start');

      expect(start.code).toBe(ocf.generic);
      expect(start.output).toContain('did not start: it is locked by elsewhere');
      expect((await lab.script('fw.sh', 'lock', 'tell')).output).toContain('held state=running host=elsewhere');
      expect(lab.processes('fw.pid')).toEqual([]);
    },
  );

  test('says which parameter is wrong', () => {
    const cases = [
      { parameters: { script: '', run_root: lab.runRoot }, code: ocf.notConfigured, says: 'parameter script' },
      { parameters: { script: script(), run_root: 'run' }, code: ocf.notConfigured, says: 'parameter run_root' },
      { parameters: { script: 'fw.sh', run_root: lab.runRoot }, code: ocf.notConfigured, says: 'parameter user' },
      {
        parameters: { script: `${script()}x`, run_root: lab.runRoot },
        code: ocf.notInstalled,
        says: `${script()}x is not there`,
      },
      {
        parameters: { script: script(), run_root: lab.runRoot, user: 'nobody-of-that-name' },
        code: ocf.notInstalled,
        says: 'no user nobody-of-that-name',
      },
    ];

    for (const { parameters, code, says } of cases) {
      const run = new OcfAgent(lab.root, parameters).run('validate-all');
      expect({ code: run.code, says: run.output.includes(says) }).toEqual({ code, says: true });
    }
    expect(agent.run('validate-all').code).toBe(ocf.success);
    expect(agent.run('promote').code).toBe(ocf.unimplemented);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'runs the VM as the user that it is told, with a run-time root that it makes',
    () => {
      const runRoot = path.join(lab.root, 'nobody', 'run');
      const asNobody = new OcfAgent(lab.root, { script: script(), run_root: runRoot, user: 'nobody' });

      const { code, output } = asNobody.run('start');

      expect({ code, output }).toMatchObject({ code: ocf.success });
      const pid = readFileSync(path.join(runRoot, 'ha/fw.pid'), 'utf8').trim();
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s/m);
      expect(asNobody.run('stop', briefly).code).toBe(ocf.success);
      expect(lab.isAlive(Number(pid))).toBe(false);
    },
  );
});
