import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemFailure } from './system-error.ts';

/** A nameless file for what a program writes: a daemon that keeps it open cannot hold up the end, as it would with a pipe. */
export async function openOutput(): Promise<fs.FileHandle> {
  const file = path.join(os.tmpdir(), `kvmlab-output-${randomBytes(6).toString('hex')}`);
  try {
    const handle = await fs.open(file, 'ax+', 0o600);
    await fs.rm(file);
    return handle;
  } catch (error) {
    throw systemFailure(`Cannot keep the output of a program in ${os.tmpdir()}`, error);
  }
}

/** The last `limitBytes` of it. */
export async function readOutput(output: fs.FileHandle, limitBytes: number): Promise<string> {
  const { size } = await output.stat();
  const length = Math.min(size, limitBytes);
  const { buffer, bytesRead } = await output.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString('utf8', 0, bytesRead);
}
