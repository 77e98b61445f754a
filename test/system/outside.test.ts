import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { displayPort } from '../../extension/lab/networks/addressing.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { FramePlug } from '../support/frame-plug.ts';
import { freeIds } from '../support/free-ids.ts';
import { killIfAlive } from '../support/own-processes.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';
import { until } from '../support/vscode/until.ts';

/** What was made last goes first. */
const made: { dispose(): void }[] = [];
const own = <Thing extends { dispose(): void }>(thing: Thing): Thing => {
  made.push(thing);
  return thing;
};

afterEach(() => {
  for (const thing of made.splice(0).reverse()) thing.dispose();
});

const labOf = (name: string, wires = ''): ScriptLab =>
  own(new ScriptLab(readLab(`name: ${name}\nswitches: { lan: {} }\n${wires}`).lab!));

/** A lab here and one there, and between them a wire by ssh. */
async function twoHosts(): Promise<{ readonly here: ScriptLab; readonly there: ScriptLab; readonly ssh: SshHost }> {
  const there = labOf('far');
  const ssh = own(await SshHost.start(there.runRoot));
  const here = labOf('near', 'wires: [{ between: [lan, ssh://other/far/lan] }]');
  const script = path.join(here.folder, 'wire-lan-other.sh');
  const edited = readFileSync(script, 'utf8').replace('SSH_OPTIONS=()', `SSH_OPTIONS=(-F ${ssh.config})`);
  writeFileSync(script, edited);
  expect(await there.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  return { here, there, ssh };
}

const plugInto = (lab: ScriptLab, number: number): FramePlug =>
  own(new FramePlug(path.join(lab.run, 'switch-lan'), number));

/** Sends frames both ways until one has come on either side. */
async function talk(here: ScriptLab, there: ScriptLab): Promise<void> {
  const plugs = [plugInto(here, 1), plugInto(there, 2)] as const;
  await until(
    'frames to cross both ways',
    () => {
      plugs[0].broadcast('from here');
      plugs[1].broadcast('from there');
      return Promise.resolve(plugs[1].counts('from here')[0]! > 0 && plugs[0].counts('from there')[0]! > 0);
    },
    { intervalMs: 100, timeoutMs: 120_000 },
  );
  for (const plug of plugs) plug.dispose();
}

const leftovers = (lab: ScriptLab): readonly string[] =>
  readdirSync(lab.run).filter(name => /^(wire|switch)-/.test(name) && !name.endsWith('.lock') && !name.endsWith('.rc'));

const wireStatus = async (lab: ScriptLab): Promise<string> =>
  (await lab.script('wire-lan-other.sh', 'status')).output.trim();

test.skipIf(!hasSshServer)(
  'a wire by ssh carries frames, comes back after any break, and goes with its stop',
  async () => {
    const { here, there, ssh } = await twoHosts();

    expect(await here.script('wire-lan-other.sh', 'start')).toMatchObject({ code: 0 });
    await talk(here, there);
    expect(await here.script('wire-lan-other.sh', 'start')).toMatchObject({ code: 3 });

    for (const pid of ssh.clients()) killIfAlive(pid);
    await talk(here, there);

    expect(await there.script('switch-lan.sh', 'stop')).toMatchObject({ code: 0 });
    await until('the wire to say that it tries', async () =>
      (await wireStatus(here)).startsWith('wire lan-other reconnecting'),
    );
    expect(await there.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
    await talk(here, there);
    expect(await wireStatus(here)).toMatch(/^wire lan-other running, process \d+$/);

    await here.kill('switch-lan.pid');
    expect(await there.script('switch-lan.sh', 'stop')).toMatchObject({ code: 0 });
    const back = await here.script('switch-lan.sh', 'start');
    expect(back).toMatchObject({ code: 0 });
    expect(back.output).toContain('other cannot be reached now and is tried again');
    expect(await there.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
    await talk(here, there);

    expect(await here.script('lab.sh', 'stop')).toMatchObject({ code: 0 });
    expect(here.processes()).toEqual([]);
    expect(leftovers(here)).toEqual([]);
    await until('the far end to be unplugged', () => Promise.resolve(ssh.clients().length === 0));
  },
);

test.skipIf(!hasSshServer)(
  'whatever is killed of a wire by ssh, stop leaves nothing and start brings it back',
  async () => {
    const { here, there, ssh } = await twoHosts();
    const start = () => here.script('wire-lan-other.sh', 'start');
    expect(await start()).toMatchObject({ code: 0 });

    await here.kill('wire-lan-other.plug.pid');
    await talk(here, there);
    await here.kill('wire-lan-other.pid');
    expect(await here.script('wire-lan-other.sh', 'stop')).toMatchObject({ code: 0 });
    await until('all of it to be gone', () => Promise.resolve(ssh.clients().length === 0));
    expect(leftovers(here).filter(name => name.startsWith('wire-'))).toEqual([]);

    expect(await start()).toMatchObject({ code: 0 });
    await here.kill('wire-lan-other.pid');
    expect(await start()).toMatchObject({ code: 0 });
    await talk(here, there);
    expect(await here.script('lab.sh', 'kill')).toMatchObject({ code: 0 });
    expect(here.processes()).toEqual([]);
  },
);

test.skipIf(!hasSshServer)('a host that cannot be reached is told before anything is plugged in', async () => {
  const { here, there, ssh } = await twoHosts();
  const start = () => here.script('wire-lan-other.sh', 'start');

  expect(await there.script('switch-lan.sh', 'kill')).toMatchObject({ code: 0 });
  const stopped = await start();
  ssh.forgetHostKey();
  const unknown = await start();
  const missing = await here.script('wire-lan-other.sh', 'start', 'HOST=-oProxyCommand=true');
  writeFileSync(path.join(ssh.folder, 'known_hosts'), '');
  ssh.forgetKey();
  const script = path.join(here.folder, 'wire-lan-other.sh');
  writeFileSync(script, readFileSync(script, 'utf8').replace('(-F', '(-o StrictHostKeyChecking=accept-new -F'));
  const keyless = await start();

  expect(stopped).toMatchObject({ code: 1 });
  expect(stopped.output).toContain('on other no switch far/lan runs that is yours');
  expect(unknown.output).toMatch(/ssh to other says: .*Host key verification failed.*\n.*ssh other/);
  expect(missing.output).toContain("HOST is '-oProxyCommand=true'");
  expect(keyless.output).toMatch(/ssh to other says: .*Permission denied.*\n.*ssh-copy-id other/);
  expect(leftovers(here).filter(name => name.startsWith('wire-'))).toEqual([]);
});

test('a wire over UDP joins two labs, and one whose port is taken says so', async () => {
  const [one, other] = (await freeIds(2)).map(displayPort);
  const wire = (from: number, to: number) => `wires: [{ between: [lan, 'udp://127.0.0.1:${from}->127.0.0.1:${to}'] }]`;
  const here = labOf('near', wire(one!, other!));
  const there = labOf('far', wire(other!, one!));

  for (const lab of [here, there]) expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  await talk(here, there);
  expect((await here.script('wire-lan-udp.sh', 'status')).output).toMatch(/^wire lan-udp running, process \d+/);
  const third = labOf('third', wire(one!, other!));
  const taken = await third.script('wire-lan-udp.sh', 'start');

  expect(taken).toMatchObject({ code: 1 });
  expect(taken.output).toContain('Wire lan-udp could not be plugged in. It says:');
  await here.kill('wire-lan-udp.pid');
  for (const lab of [here, there, third]) await lab.script('lab.sh', 'stop');
  expect([here, there, third].flatMap(lab => [...lab.processes(), ...leftovers(lab)])).toEqual([]);
});
