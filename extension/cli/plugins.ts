import { chooseSwitch } from '../runtime/switches/switch-choice.ts';
import { listPlugins, loadPlugin, unloadPlugin } from '../runtime/switches/switch-plugins.ts';
import { managementOf } from '../runtime/switches/switch-reader.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type Command } from './command.ts';
import { printable, renderTable } from './text-table.ts';

export const pluginsCommand: Command = {
  name: 'plugins',
  operands: 'SWITCH [load|unload PLUGIN]',
  summary: 'List the plugins of a running switch, load one or unload it',
  details: [
    'PLUGIN is dump, pdump or iplog, which come with VDE, or the path of a library to load. A',
    "plugin's own commands are at hand in the management console of the switch.",
    'With --json: [{name, description}]. Exit code 3: it was so already.',
  ],
  options: [jsonOption],
  maxOperands: 3,
  async run({ operands, options }, ports) {
    const [name, verb, plugin] = operands;
    if (name === undefined) throw new UsageError('Plugins of which switch?');
    await ports.watcher.poll();
    const of = chooseSwitch(name, ports.store.host.switches);
    const socket = managementOf(of);
    if (verb === undefined) {
      const plugins = await listPlugins(ports.management, socket);
      if (options.has('json')) printJson(plugins, ports);
      else if (plugins.length === 0) ports.out(`Switch ${printable(of.name)} has no plugins loaded.\n`);
      else
        ports.out(
          renderTable(
            ['NAME', 'DOES'],
            plugins.map(one => [one.name, one.description]),
          ),
        );
      return exitCodes.done;
    }
    if (plugin === undefined || (verb !== 'load' && verb !== 'unload'))
      throw new UsageError('Either nothing, or: load PLUGIN, unload PLUGIN.');
    const change = verb === 'load' ? loadPlugin : unloadPlugin;
    const path = plugin.includes('/') ? ports.folder.resolve(plugin) : plugin;
    const isChanged = await change(ports.management, of.name, socket, path);
    const done = verb === 'load' ? 'is loaded' : 'is unloaded';
    ports.err(`Plugin ${printable(plugin)} ${isChanged ? done : `was ${verb}ed already`}.\n`);
    return isChanged ? exitCodes.done : exitCodes.already;
  },
};
