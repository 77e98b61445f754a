import { checkAddresses } from './check-addresses.ts';
import { checkBoot } from './check-boot.ts';
import { checkGateways } from './check-gateways.ts';
import { checkHostPorts, checkTaps } from './check-host-ports.ts';
import { checkImages } from './check-images.ts';
import { checkIds } from './check-ids.ts';
import { checkLocks } from './check-locks.ts';
import { checkNames } from './check-names.ts';
import { checkReadiness } from './check-readiness.ts';
import { checkReferences } from './check-references.ts';
import { checkScenarios } from './check-scenarios.ts';
import { checkRefusedVlan, checkTrunks, checkVlans } from './check-vlans.ts';
import type { Lab } from '../model.ts';
import type { Scope } from '../reading/read-keys.ts';

/** Everything that can be said about a lab without looking at the host or at other labs. */
export function checkLab(lab: Lab, scope: Scope, runRoot: string | undefined): void {
  checkNames(lab, scope.report, runRoot);
  checkIds(lab, scope.report);
  checkReferences(lab, scope);
  checkImages(lab, scope);
  checkVlans(lab, scope.report);
  checkRefusedVlan(lab, scope.report);
  checkTrunks(lab, scope.report);
  checkAddresses(lab, scope.report);
  checkGateways(lab, scope.report);
  checkHostPorts(lab, scope.report);
  checkTaps(lab, scope.report);
  checkBoot(lab, scope.report);
  checkLocks(lab, scope.report);
  checkReadiness(lab, scope);
  checkScenarios(lab, scope);
}
