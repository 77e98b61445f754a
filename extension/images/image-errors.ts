import { UserError } from '../base/user-error.ts';

/** Somebody, most likely a VM, has the image open. */
export class ImageInUse extends UserError {
  constructor(path: string, cause?: unknown) {
    super(`${path} is in use: a VM that runs has it open, or another command works on it. Stop the VM first.`, [], {
      cause,
    });
    this.name = 'ImageInUse';
  }
}

/** Another process of this user fetches the same image. */
export class BeingFetched extends UserError {
  constructor(url: string) {
    super(`${url} is being fetched by another process. Wait until that one is done.`);
    this.name = 'BeingFetched';
  }
}
