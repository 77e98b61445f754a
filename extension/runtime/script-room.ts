/**
 * What is big of scripts: common.sh, what renders the others and what merges them with hand-made changes. A file of its
 * own in the package, which the extension loads when scripts are written for the first time.
 */
export { renderLab } from '../script/render-lab.ts';
export { renewScript } from '../script/renew/renew-script.ts';
export { threeWays } from '../script/renew/three-ways.ts';
export { originOf } from '../script/script-file.ts';
