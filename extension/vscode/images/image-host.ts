import type { Event } from '../../base/emitter.ts';
import type { ImageFiles } from '../../runtime/image-ports.ts';
import type { ImageActions } from '../../runtime/images/image-actions.ts';
import type { ImagePlaces } from '../../runtime/images/lab-images.ts';

/** The images of this host; what works on them is loaded at the first use. */
export interface ImageHost {
  ports(): Promise<ImagePorts>;
  /** A command of ours changed an image. */
  readonly onDidChange: Event<void>;
  changed(): void;
}

export interface ImagePorts {
  readonly actions: ImageActions;
  readonly files: ImageFiles;
  readonly places: ImagePlaces;
}
