/** What is loaded with the first help for writing. */
export { fixProblems } from './code-actions.ts';
export { complete } from './completion.ts';
export { hover } from './hover.ts';
