import { parsePorts, parseVlans } from './port-table.ts';
import {
  parseHash,
  parseHashFacts,
  parseHelp,
  parseNewPort,
  parseNewsCategories,
  parsePlugins,
  parsePortFacts,
  parseSpanningTreeFacts,
  parseSpanningTrees,
  parseSwitchIdentity,
} from './switch-tables.ts';

/** One command for a switch's management socket and how to read its answer. To make one asks nothing. */
export interface SwitchCommand<T> {
  readonly line: string;
  readonly parse: (data: string) => T;
  /** Codes beside 1000 that are as good as done: it was so already. */
  readonly fine: readonly number[];
}

/** 1000 + errno: EEXIST, ENOENT at the end of an empty list, ENXIO. */
const exists = 1017;
const emptyList = 1002;
const notThere = 1006;
const endOfSession = 9999;

/** `vde_switch` makes VLANs 1 to 4093; it answers 1022 to 4094, which the standard has. */
export const highestVlan = 4093;

const nothing = (): undefined => undefined;

function command(path: string, ...args: readonly (string | number)[]): SwitchCommand<undefined> {
  return asking(nothing, [path, ...args]);
}

function asking<T>(
  parse: (data: string) => T,
  words: readonly (string | number | undefined)[],
  fine: readonly number[] = [],
): SwitchCommand<T> {
  return { line: words.filter(word => word !== undefined).join(' '), parse, fine };
}

const flag = (isOn: boolean): number => (isOn ? 1 : 0);
const orDone = <T>(it: SwitchCommand<T>, ...fine: readonly number[]): SwitchCommand<T> => ({ ...it, fine });

/** The whole command tree of vde_switch 2.3.2, as its `help` lists it. */
export const switchCommands = {
  help: () => asking(parseHelp, ['help']),
  showInfo: () => asking(parseSwitchIdentity, ['showinfo']),
  /** Words as the switch has them: folder, mode and group of the data sockets. */
  showDataSocket: () => asking(data => data, ['ds/showinfo']),
  logout: () => orDone(command('logout'), endOfSession),
  shutdown: () => orDone(command('shutdown'), endOfSession),
  load: (path: string) => command('load', path),
  listNews: () => asking(parseNewsCategories, ['debug/list']),
  addNews: (category: string) => orDone(command('debug/add', category), exists),
  removeNews: (category: string) => command('debug/del', category),
  listPlugins: () => asking(parsePlugins, ['plugin/list'], [emptyList]),
  addPlugin: (library: string) => orDone(command('plugin/add', library), exists),
  removePlugin: (name: string) => command('plugin/del', name),

  hashInfo: () => asking(parseHashFacts, ['hash/showinfo']),
  setHashSize: (size: number) => command('hash/setsize', size),
  setHashCollect: (seconds: number) => command('hash/setgcint', seconds),
  setHashExpire: (seconds: number) => command('hash/setexpire', seconds),
  setHashPersist: (seconds: number) => command('hash/setminper', seconds),
  printHash: () => asking(parseHash, ['hash/print']),
  /** Not to be trusted for the port: it was seen to name another one than `hash/print`. 1019: nobody has this address. */
  findHash: (mac: string, vlan?: number) => asking(data => data, ['hash/find', mac, vlan], [1019]),

  stpInfo: () => asking(parseSpanningTreeFacts, ['fstp/showinfo']),
  setStp: (isOn: boolean) => command('fstp/setfstp', flag(isOn)),
  setEdge: (vlan: number, port: number, isEdge: boolean) => command('fstp/setedge', vlan, port, flag(isEdge)),
  setBonus: (vlan: number, port: number, cost: number) => command('fstp/bonus', vlan, port, cost),
  printStp: (vlan?: number) => asking(parseSpanningTrees, ['fstp/print', vlan]),

  portInfo: () => asking(parsePortFacts, ['port/showinfo']),
  /** Usable ports; the switch counts port 0 too. */
  setPortCount: (ports: number) => command('port/setnumports', ports + 1),
  setHub: (isHub: boolean) => command('port/sethub', flag(isHub)),
  setUntagged: (port: number, vlan: number) => command('port/setvlan', port, vlan),
  createPort: (port: number) => orDone(command('port/create', port), exists),
  createAnyPort: () => asking(parseNewPort, ['port/createauto']),
  removePort: (port: number) => orDone(command('port/remove', port), notThere),
  /** Whether somebody who names no port may get this one. */
  setAllocatable: (port: number, isAllocatable: boolean) => command('port/allocatable', port, flag(isAllocatable)),
  setUser: (port: number, user: string) => command('port/setuser', port, user),
  setGroup: (port: number, group: string) => command('port/setgroup', port, group),
  /** Unplugs one endpoint; it does not come back by itself. */
  closeEndpoint: (port: number, endpoint: number) => command('port/epclose', port, endpoint),
  resetCounters: (port?: number) => asking(nothing, ['port/resetcounter', port]),
  /** Only ports where somebody hangs. */
  printPorts: () => asking(parsePorts, ['port/print']),
  printAllPorts: () => asking(parsePorts, ['port/allprint']),
  printPort: (port: number) => asking(data => parsePorts(data)[0], ['port/allprint', port], [notThere]),

  createVlan: (vlan: number) => orDone(command('vlan/create', vlan), exists),
  /** Refused (1098) while a port has the VLAN untagged. */
  removeVlan: (vlan: number) => orDone(command('vlan/remove', vlan), notThere),
  addTag: (vlan: number, port: number) => command('vlan/addport', vlan, port),
  removeTag: (vlan: number, port: number) => command('vlan/delport', vlan, port),
  /** Only ports where somebody hangs. */
  printVlans: () => asking(parseVlans, ['vlan/print']),
  printAllVlans: () => asking(parseVlans, ['vlan/allprint']),
} as const;

/** Of the code that a switch gave to a command: whether it is done. */
export const isDone = (code: number | undefined, { fine }: Pick<SwitchCommand<unknown>, 'fine'>): boolean =>
  code === 1000 || (code !== undefined && fine.includes(code));

/** One argument of a command may not break the line, nor end it early. */
export const isOneLine = (line: string): boolean => line.trim() !== '' && !/[\r\n\0]/.test(line);
