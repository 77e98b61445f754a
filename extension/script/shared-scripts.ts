import arrivalText from './common-arrival.sh';
import hostText from './common-host.sh';
import lockText from './common-lock.sh';
import migrateText from './common-migrate.sh';
import outsideText from './common-outside.sh';
import qmpText from './common-qmp.sh';
import switchText from './common-switch.sh';
import transferText from './common-transfer.sh';
import vmText from './common-vm.sh';
import wireText from './common-wire.sh';
import commonText from './common.sh';
import { stamp } from './script-file.ts';

/** The scripts that are the same for every lab. */
export const commonFile = stamp(commonText);
export const vmFile = stamp(vmText);
export const lockFile = stamp(lockText);
export const qmpFile = stamp(qmpText);
export const arrivalFile = stamp(arrivalText);
export const transferFile = stamp(transferText);
export const migrateFile = stamp(migrateText);
export const switchFile = stamp(switchText);
export const wireFile = stamp(wireText);
export const hostFile = stamp(hostText);
export const outsideFile = stamp(outsideText);
