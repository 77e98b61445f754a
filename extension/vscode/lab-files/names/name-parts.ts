import type { Files } from '../../../runtime/host.ts';
import type { LabStore } from '../../../runtime/store.ts';

/** What is asked about a lab besides its text. */
export interface NameParts {
  readonly store: LabStore;
  readonly files: Pick<Files, 'read' | 'exists'>;
  /** The text from which the lab in the store was read. */
  readonly textOf: (path: string) => string | undefined;
  readonly whenRead: () => Promise<void>;
  /** Reads one lab again, with what has been typed until now. */
  readonly readNow: (path: string) => Promise<unknown>;
  /** The home folder, for paths that begin with `~/`. */
  readonly home: string;
  /** Where the tiny guest lies if it is not beside the lab file. */
  readonly guestFolder: string;
}
