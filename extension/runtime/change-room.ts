/**
 * What is big of plans: the comparison of a lab file with what runs. A file of its own in the package, which the
 * extension loads when the first plan is made. It throws no errors of ours, whose classes are in another bundle.
 */
export { planChanges } from './change-plan.ts';
