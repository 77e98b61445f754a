import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { Emitter } from './base/emitter.ts';
import { systemClock } from './host/clock.ts';
import type { LabStore } from './runtime/store.ts';
import type { ImageHost, ImagePorts } from './vscode/images/image-host.ts';
import { ImagesTree } from './vscode/images/images-tree.ts';

interface ImageParts {
  readonly store: LabStore;
  readonly ready: () => Promise<void>;
  readonly report: (error: unknown) => void;
}

/** Images: their tree, and what commands need; qemu-img and downloads are loaded when somebody asks for them. */
export function composeImages(app: DisposableStore, { store, ready, report }: ImageParts) {
  const changes = app.add(new Emitter<void>());
  let made: Promise<ImagePorts> | undefined;
  const images: ImageHost = {
    ports: () => (made ??= import('./images-room.ts').then(({ makeImagePorts }) => makeImagePorts(process.env))),
    onDidChange: changes.event,
    changed: () => changes.fire(),
  };
  const imagesTree = app.add(new ImagesTree({ store, clock: systemClock, host: images, ready }, report));
  app.add(vscode.workspace.onDidSaveTextDocument(() => images.changed()));
  return { images, imagesTree };
}
