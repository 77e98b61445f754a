/** What is needed once VMs run that say when they are ready. */
export { PlugFrames } from './host/frame-plugs.ts';
export { Readiness } from './runtime/readiness/readiness.ts';
export { ReadinessWatch } from './runtime/readiness/readiness-watch.ts';
