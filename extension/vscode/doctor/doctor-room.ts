/** What the doctor needs; loaded when a lab is there or somebody asks. */
export { HostProblemsItem } from './host-problems-item.ts';
export { runHostStep } from './host-step-command.ts';
export { showDoctor } from './doctor-command.ts';
