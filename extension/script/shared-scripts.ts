import hostText from './common-host.sh';
import outsideText from './common-outside.sh';
import commonText from './common.sh';
import { stamp } from './script-file.ts';

/** The scripts that are the same for every lab. */
export const commonFile = stamp(commonText);
export const hostFile = stamp(hostText);
export const outsideFile = stamp(outsideText);
