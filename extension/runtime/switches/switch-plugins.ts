import { UserError } from '../../base/user-error.ts';
import { isDone, switchCommands } from '../../vde/switch-commands.ts';
import type { Plugin } from '../../vde/switch-tables.ts';
import type { ManagementDialer } from '../host.ts';
import { askSwitch } from './switch-look.ts';

/** The plugins that come with VDE, by name. */
export const knownPlugins: readonly Plugin[] = [
  { name: 'dump', description: 'show frames on the management console, and what captures need' },
  { name: 'pdump', description: 'write all frames into one file (pcap)' },
  { name: 'iplog', description: 'log which address is used by whom, on which port' },
];

/** Where distributions put plugins; a switch also knows a folder of its own. */
const folders = ['/usr/lib/vde2/plugins/', '/usr/local/lib/vde2/plugins/', '/usr/lib64/vde2/plugins/', ''];
/** A switch reads no more of a command (MAXCMD in consmgmt.c, with line end). */
const longestCommand = 126;

export const listPlugins = (management: ManagementDialer, socket: string): Promise<readonly Plugin[]> =>
  askSwitch(management, socket, switchCommands.listPlugins());

/**
 * Loads a plugin, by the name of one of VDE's or by the absolute path of a library. Gives whether it was not loaded
 * before. Throws a UserError that says how to get it.
 */
export async function loadPlugin(
  management: ManagementDialer,
  of: string,
  socket: string,
  plugin: string,
): Promise<boolean> {
  if (!plugin.startsWith('/') && (await listPlugins(management, socket)).some(one => one.name === plugin)) return false;
  const paths = plugin.startsWith('/') ? [plugin] : folders.map(folder => `${folder}${plugin}.so`);
  let refusal = 'No such file or directory';
  for (const path of paths) {
    const command = switchCommands.addPlugin(path);
    if (command.line.length > longestCommand) throw new UserError(`The path ${path} is too long for a switch.`);
    const answer = await management.exchange(socket, command.line);
    if (isDone(answer.code, command)) return answer.code === 1000;
    refusal = answer.text;
  }
  throw new UserError(
    `Switch ${of} cannot load the plugin ${plugin}: ${refusal}. Plugins come with VDE; on Debian: sudo apt-get install vde-switch`,
  );
}

/** Unloads a plugin by its name, after it was switched off: the switch would call what is not there any more. */
export async function unloadPlugin(
  management: ManagementDialer,
  of: string,
  socket: string,
  plugin: string,
): Promise<boolean> {
  // The switch would take the beginning of a name for the name.
  if (!(await listPlugins(management, socket)).some(one => one.name === plugin)) return false;
  if (plugin === 'dump' || plugin === 'pdump') await management.exchange(socket, `${plugin}/active 0`);
  const { code, text } = await management.exchange(socket, switchCommands.removePlugin(plugin).line);
  if (code !== 1000) throw new UserError(`Switch ${of} cannot unload the plugin ${plugin}: ${text}.`);
  return true;
}
