import {
  commonArrivalScript,
  commonLockScript,
  commonMigrateScript,
  commonQmpScript,
  commonScript,
  commonSwitchScript,
  commonTransferScript,
  commonVmScript,
  commonWireScript,
  hostScript,
} from '../lab/layout.ts';
import { wiresAndSpares } from '../lab/hosts/lab-part.ts';
import type { Lab } from '../lab/model.ts';
import { outsideScript } from '../lab/outside.ts';
import { renderLabScript } from './lab-script.ts';
import { renderOutsideScript } from './outside-script.ts';
import type { ScriptFile } from './script-file.ts';
import {
  arrivalFile,
  commonFile,
  hostFile,
  lockFile,
  migrateFile,
  outsideFile,
  qmpFile,
  switchFile,
  transferFile,
  vmFile,
  wireFile,
} from './shared-scripts.ts';
import { renderSwitchScript } from './switch-script.ts';
import { renderVmScript } from './vm-script.ts';
import { renderWireScript } from './wire-script.ts';

export interface RenderOptions {
  /** Name of the lab file, for the comment at the top of each script. */
  readonly source: string;
  /** From the script folder to the folder of the lab file: `..` where scripts usually lie. */
  readonly base: string;
}

/** Every script of a lab. The same lab and options give the same bytes. VMs without an ID have none. */
export function renderLab(lab: Lab, { source, base }: RenderOptions): readonly ScriptFile[] {
  const isThere = (file: ScriptFile | undefined): file is ScriptFile => file !== undefined;
  return [
    { name: commonScript, text: commonFile },
    { name: commonVmScript, text: vmFile },
    { name: commonLockScript, text: lockFile },
    { name: commonQmpScript, text: qmpFile },
    { name: commonArrivalScript, text: arrivalFile },
    { name: commonTransferScript, text: transferFile },
    { name: commonMigrateScript, text: migrateFile },
    { name: commonSwitchScript, text: switchFile },
    { name: commonWireScript, text: wireFile },
    ...(lab.switches.some(one => one.tap) ? [{ name: hostScript, text: hostFile }] : []),
    ...(wiresAndSpares(lab).some(one => one.ends[1].outside) ? [{ name: outsideScript, text: outsideFile }] : []),
    renderLabScript(lab, source),
    ...lab.switches.map(one => renderSwitchScript(lab, one, source, base)),
    ...wiresAndSpares(lab)
      .map(one => (one.ends[1].outside ? renderOutsideScript : renderWireScript)(lab, one, source, base))
      .filter(isThere),
    ...lab.vms.map(one => renderVmScript(lab, one, source, base)).filter(isThere),
  ];
}
