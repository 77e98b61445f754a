import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** One story, told in order: each part begins where the one before it ended. */
describe('somebody who has command lines of QEMU', () => {
  const name = `lone${process.pid}`;
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let qemu: ChildProcess;

  beforeAll(async () => {
    server = await VsCodeServer.start();
    const script = '#!/bin/sh\ncd /srv\nexec qemu-system-x86_64 -name mail \\\n  -m 384 -cdrom boot.iso -no-hpet\n';
    folder = await server.makeFolder('w', { files: { 'mail.sh': script, 'old/disk.raw': '' } });
    await writeFile(path.join(folder, 'old/disk.raw'), Buffer.alloc(1 << 20));
    const options = ['-name', name, '-m', '48', '-S', '-accel', 'tcg', '-display', 'none', '-serial', 'none'];
    const disk = ['-drive', 'file=disk.raw,format=raw,if=virtio'];
    qemu = spawn('qemu-system-x86_64', [...options, ...disk], { cwd: path.join(folder, 'old'), stdio: 'ignore' });
    await once(qemu, 'spawn');
    window = await Workbench.open(server, folder);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    qemu.kill('SIGKILL');
    await window.close();
    await server.stop();
  });

  /** Pastes a line, for a lab file of that name. */
  async function paste(line: string, file: string): Promise<void> {
    await window.runCommand('KVM Lab: Import VM from Command Line');
    await window.pick('Paste a command line');
    await window.answer(line);
    await window.pick('New lab file');
    await window.picks.waitForOffer('vm.lab.yaml');
    await window.answer(path.join(folder, file));
  }

  const labNow = (file: string): Promise<string> => readFile(path.join(folder, file), 'utf8');

  test('pastes one, and has a new lab with that VM', async () => {
    await window.runCommand('KVM Lab: Import VM from Command Line');
    await window.pick('Paste a command line');
    await window.answer('qemu-system-x86_64 -name web -m 512 -smp 2 -hda web.qcow2 -usbdevice tablet');
    await window.picks.waitForOffer('vm.lab.yaml');
    await window.screenshot('import-1-where');
    await window.answer(path.join(folder, 'shop.lab.yaml'));

    await window.editor().waitForText('web:');
    expect(await window.notification('VM web is in shop.lab.yaml')).toContain('1 option not carried over');
    await window.screenshot('import-2-new-lab');
    expect(await labNow('shop.lab.yaml')).toMatch(/web:[^]*memory: 512M[^]*cpus: 2/);
    expect(await window.editor().squiggles()).toBe(0);
  });

  test('puts one of a script in the editor into that lab, as an edit that can be taken back', async () => {
    const before = await labNow('shop.lab.yaml');
    await window.quickOpen('mail.sh');
    await window.runCommand('KVM Lab: Import VM from Command Line');
    await window.pick('From the editor: mail.sh');
    await window.pick('shop');

    const text = await window.editor().waitForText('mail:');
    expect(text).toContain('384M');
    expect(text).toContain('web:');
    expect(await labNow('shop.lab.yaml')).toBe(before);
    await window.screenshot('import-3-from-script');
    await window.editor().undoAll();
    expect(await window.editor().text()).not.toContain('mail:');
  });

  test('takes over a QEMU that runs, with paths from where it was started', async () => {
    await window.runCommand('KVM Lab: Import VM from Command Line');
    await window.pick(`Running: ${name}`);
    await window.pick('shop');

    const text = await window.editor().waitForText(`${name}:`);
    await window.screenshot('import-4-running');
    expect(text).toContain('old/disk.raw');
    expect(qemu.exitCode).toBeNull();
  });

  test('is told when a line is none of QEMU, and nothing is written', async () => {
    const before = await readdir(folder);
    await window.runCommand('KVM Lab: Import VM from Command Line');
    await window.pick('Paste a command line');
    await window.answer('virsh start web');

    expect(await window.notification('There is no command line of QEMU')).toContain('the pasted line');
    expect(await readdir(folder)).toEqual(before);
  });

  test('gets a lab file by any name: it has the ending that was left out, and another is refused', async () => {
    await paste('kvm -name bare -m 64', 'bare');
    await window.notification('VM bare is in bare.lab.yaml');
    await paste('kvm -name notes -m 64', 'notes.yaml');

    expect(await window.notification('notes.yaml would be no lab file')).toContain('nothing was written');
    expect((await readdir(folder)).filter(file => /bare|notes/.test(file))).toEqual(['bare.lab.yaml']);
  });
});
