import type { TransferProgress } from '../../qemu/migration.ts';
import { sizeWords } from '../images/image-list.ts';
import { joined } from '../views/tree-node.ts';

/** How far a VM is on its way: `12.0 MiB sent · 80.0 MiB to go · 32.0 MiB/s · will stand still for 40 ms`. */
export const transferWords = ({ sentBytes, leftBytes, bytesPerSecond, pauseMs }: TransferProgress): string =>
  joined(
    `${sizeWords(sentBytes)} sent`,
    `${sizeWords(leftBytes)} to go`,
    bytesPerSecond > 0 ? `${sizeWords(bytesPerSecond)}/s` : '',
    pauseMs === undefined ? '' : `will stand still for ${pauseMs} ms`,
  );
