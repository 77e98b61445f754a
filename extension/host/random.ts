import { randomBytes } from 'node:crypto';
import type { Random32 } from '../lab/networks/random.ts';

/** From the system's source of randomness, which nobody can foresee. */
export const systemRandom: Random32 = () => randomBytes(4).readUInt32LE();
