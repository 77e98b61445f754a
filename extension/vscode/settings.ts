import * as vscode from 'vscode';
import { settingDefaults, type Settings } from './commands.ts';

/** The value of a setting of ours, now. */
export const setting = <Key extends keyof Settings>(key: Key): Settings[Key] =>
  vscode.workspace.getConfiguration('kvmlab').get(key, settingDefaults[key]);
