import path from 'node:path';
import { NodeFiles } from './host/files.ts';
import { HttpImageDownloads } from './host/image-downloads.ts';
import { imageCache, LocalImageFiles } from './host/image-files.ts';
import { QemuImageTool } from './host/image-tool.ts';
import { kvmscriptPath } from './host/paths.ts';
import type { Lab } from './lab/model.ts';
import { ImageActions } from './runtime/images/image-actions.ts';
import { vmsWithLoneDisk } from './runtime/images/lone-disks.ts';

/** All that works on images; loaded when it is needed for the first time. */
export function makeImagePorts(env: Readonly<Record<string, string | undefined>>) {
  const files = new LocalImageFiles();
  const parts = {
    images: files,
    files: new NodeFiles(),
    tool: new QemuImageTool(),
    // VS Code lets fetch know of its proxy.
    downloads: new HttpImageDownloads({ files, fetch }),
  };
  const places = { home: path.dirname(kvmscriptPath(env)), cache: imageCache(env) };
  return { actions: new ImageActions(parts), files, places };
}

/** See `LabCheckOptions`. */
export const loneDisks = (labPath: string, lab: Lab): Promise<ReadonlySet<string>> =>
  vmsWithLoneDisk(labPath, lab, new LocalImageFiles());
