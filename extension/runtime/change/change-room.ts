/**
 * What is big of plans: the comparison of a lab file with what runs. A file of its own in the package, which the
 * extension loads when the first plan is made.
 */
export { planChanges } from './change-plan.ts';
export { labByHand, readHandEdits } from './hand-edits.ts';
export { readImageNews } from './image-news.ts';
