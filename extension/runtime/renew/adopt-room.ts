/** What is big of adopting hand edits into a lab file; loaded with the first one. */
export { editLab } from '../../lab/edits/edit-lab.ts';
export { adoptSetting } from '../../script/renew/adopt-setting.ts';
