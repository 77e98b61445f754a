import type { DisplayIdentity, FromDisplay, ToDisplay } from '../protocol.ts';

/** What the view keeps for itself over reloads. VS Code gives it back to the extension to find the VM again. */
export interface ViewState {
  readonly identity?: DisplayIdentity | undefined;
  readonly isViewOnly: boolean;
  readonly isScaled: boolean;
}

/** The extension, as the view sees it. */
export interface Host {
  post(message: FromDisplay): void;
  onMessage(listener: (message: ToDisplay) => void): void;
  readonly state: ViewState;
  setState(change: Partial<ViewState>): void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** May be called once: VS Code gives its interface away a single time. */
export function connectToHost(): Host {
  const api = acquireVsCodeApi();
  const kept = { isViewOnly: false, isScaled: true, ...(api.getState() as Partial<ViewState> | undefined) };
  let state: ViewState = kept;
  return {
    post: message => {
      api.postMessage(message);
    },
    onMessage: listener => {
      // VS Code's own frame around the view is the only one that sends messages here.
      window.addEventListener('message', event => listener(event.data as ToDisplay));
    },
    get state() {
      return state;
    },
    setState: change => {
      state = { ...state, ...change };
      api.setState(state);
    },
  };
}
