import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CancelSignal } from '../base/cancel.ts';
import { commonFile } from '../script/shared-scripts.ts';
import { BashScriptRunner } from './script-runner.ts';

export interface KvmProofPlaces {
  /** `~/.cache`, or what stands for it. */
  readonly cache: string;
  /** A kernel that may be tried: the tiny guest's. */
  readonly kernel: string;
  /** Absolute; undefined: not installed. */
  readonly qemu: string | undefined;
}

/**
 * What the scripts have found out about KVM on this host (`accel` in common.sh): kvm, tcg, or undefined if nobody has
 * tried with this kernel and QEMU.
 */
export async function rememberedAccel({ cache, qemu }: KvmProofPlaces): Promise<string | undefined> {
  try {
    if (qemu === undefined) return undefined;
    const { mtimeMs, size } = await stat(qemu);
    const key = `${os.hostname()} ${os.release()} ${Math.floor(mtimeMs / 1000)} ${size} = `;
    const lines = (await readFile(path.join(cache, 'kvmlab/accel'), 'utf8')).split('\n');
    return lines.find(line => line.startsWith(key))?.slice(key.length);
  } catch {
    return undefined;
  }
}

/** Lets the scripts' own code try it, which also remembers the answer. In a folder that nobody else can write to. */
export async function tryKvm({ kernel }: KvmProofPlaces, signal?: CancelSignal): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kvmlab-'));
  try {
    const script = path.join(folder, 'scripts/common.sh');
    await mkdir(path.dirname(script));
    await writeFile(script, commonFile, { mode: 0o700 });
    const { output } = await new BashScriptRunner().run(
      script,
      ['accel', 'auto', 'qemu-system-x86_64', 'start', kernel],
      signal,
    );
    return output.trim().split('\n').at(-1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
