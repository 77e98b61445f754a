/** The commands that renew scripts; loaded with the first of them. */
export { adoptScripts } from './adopt-scripts.ts';
export { renewScripts, showDifferences } from './renew-commands.ts';
