import * as vscode from 'vscode';
import { knownPlugins, listPlugins, loadPlugin, unloadPlugin } from '../../runtime/switches/switch-plugins.ts';
import { managementOf } from '../../runtime/switches/switch-reader.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { clickedSwitch, pickSwitch } from './switch-commands.ts';

/** Shows the plugins of a switch with a tick where one is loaded, and loads and unloads what is ticked anew. */
export async function setPlugins(services: Services, args: TargetArguments): Promise<void> {
  const of = (await clickedSwitch(services, args)) ?? (await pickSwitch(services, 'Plugins of which switch?'));
  if (!of) return;
  const { management } = services;
  const socket = managementOf(of);
  const loaded = await listPlugins(management, socket);
  const isLoaded = (name: string): boolean => loaded.some(one => one.name === name);
  const all = [...knownPlugins, ...loaded.filter(one => !knownPlugins.some(({ name }) => name === one.name))];
  const items = all.map(({ name, description }) => ({ label: name, description, picked: isLoaded(name) }));
  const title = `Plugins of switch ${of.name}`;
  const picked = await vscode.window.showQuickPick(items, {
    title,
    canPickMany: true,
    placeHolder: 'Tick those to load',
  });
  if (!picked) return;
  const wanted = new Set(picked.map(({ label }) => label));
  for (const { name } of all) {
    if (wanted.has(name) && !isLoaded(name)) await loadPlugin(management, of.name, socket, name);
    if (!wanted.has(name) && isLoaded(name)) await unloadPlugin(management, of.name, socket, name);
  }
  const now = await listPlugins(management, socket);
  const names = now.map(({ name }) => name).join(', ') || 'none';
  vscode.window.setStatusBarMessage(`KVM Lab: plugins of switch ${of.name}: ${names}.`, 6_000);
}
