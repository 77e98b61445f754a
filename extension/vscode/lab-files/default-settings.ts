import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import {
  defaultSettings,
  settingsVariable,
  type DefaultSetting,
  type SettingValues,
} from '../../lab/setting-defaults.ts';

/** Those of our settings that are defaults for labs, where the user has set them. */
export function defaultSettingValues(): SettingValues {
  const configuration = vscode.workspace.getConfiguration('kvmlab');
  const names = Object.keys(defaultSettings) as DefaultSetting[];
  return Object.fromEntries(
    names.flatMap(name => {
      const seen = configuration.inspect(name);
      const value = seen?.workspaceFolderValue ?? seen?.workspaceValue ?? seen?.globalValue;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Hands the settings on to new terminals, where `kvmlab` has to write the same scripts, and tells when they change. */
export function followDefaultSettings(
  variables: vscode.EnvironmentVariableCollection,
  changed: () => void,
): Disposable {
  const handOn = (): void => {
    const values = defaultSettingValues();
    if (Object.keys(values).length === 0) variables.delete(settingsVariable);
    else variables.replace(settingsVariable, JSON.stringify(values));
  };
  handOn();
  return vscode.workspace.onDidChangeConfiguration(event => {
    if (!event.affectsConfiguration('kvmlab.defaults')) return;
    handOn();
    changed();
  });
}
