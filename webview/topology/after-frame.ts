/** Calls back when the next frame has been painted: after its callbacks, and what is behind them. */
export const afterFrame = (call: () => void): void => {
  requestAnimationFrame(() => setTimeout(call));
};
