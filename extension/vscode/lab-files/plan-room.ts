/** What is loaded with the first plan that is offered. */
export { isChosen } from '../../runtime/change/change-step.ts';
export { offerWords } from '../../runtime/change/change-words.ts';
export { applySteps, pickSteps } from './plan-command.ts';
