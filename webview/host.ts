/** The extension, as a view sees it. `State` is what the view keeps for itself over reloads; VS Code shows it to the extension too. */
export interface Host<To, From, State> {
  post(message: From): void;
  onMessage(listener: (message: To) => void): void;
  readonly state: State;
  setState(change: Partial<State>): void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** May be called once: VS Code gives its interface away a single time. `initial`: what counts where nothing was kept. */
export function connectToHost<To, From, State extends object>(initial: State): Host<To, From, State> {
  const api = acquireVsCodeApi();
  let state: State = { ...initial, ...(api.getState() as Partial<State> | undefined) };
  return {
    post: message => {
      api.postMessage(message);
    },
    onMessage: listener => {
      // VS Code's own frame around the view is the only one that sends messages here.
      window.addEventListener('message', event => listener(event.data as To));
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
