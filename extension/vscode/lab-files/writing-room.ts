/** What is loaded with the first help for writing. */
export { complete } from './completion.ts';
