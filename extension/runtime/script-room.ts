/**
 * What is big of scripts: common.sh and what renders the others. A file of its own in the package, which the extension
 * loads when scripts are written for the first time.
 */
export { renderLab } from '../script/render-lab.ts';
