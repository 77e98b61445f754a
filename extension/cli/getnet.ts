import { formatCidr } from '../lab/networks/cidr.ts';
import { drawNetworks, networkSizes, type NetworkWish } from '../lab/networks/private-networks.ts';
import { seededRandom } from '../lab/networks/random.ts';
import { usedNetworks } from '../runtime/used-networks.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type Command } from './command.ts';
import { openLabsHere } from './lab-file.ts';
import { printable } from './text-table.ts';

const mostNetworks = 65_536;

export const getnetCommand: Command = {
  name: 'getnet',
  operands: '[SIZE]',
  summary: 'Give a random private network that nothing here uses',
  details: [
    `SIZE is the length of the prefix: ${networkSizes[4].largest} to ${networkSizes[4].smallest}, ${networkSizes[4].usual} if left out. The network is of RFC 1918`,
    'and shares no address with the labs of this folder and the routes and addresses of this',
    'host. All that are free are equally likely. With --ipv6 it is of a new site by RFC 4193,',
    `SIZE is ${networkSizes[6].largest} to ${networkSizes[6].smallest}, ${networkSizes[6].usual} if left out, and --count gives more networks of the one site.`,
    'With --json: {networks, free}; free: how many there were to choose from, IPv6: free sites.',
    'Exit code 1 if there is no such network left, or fewer than were asked for.',
  ],
  options: [
    { name: 'ipv6', summary: 'A unique local network of IPv6' },
    { name: 'count', value: 'N', summary: 'So many networks that do not overlap' },
    { name: 'seed', value: 'N', summary: 'The same number gives the same networks while the same ones are free' },
    jsonOption,
  ],
  maxOperands: 1,
  async run(args, ports) {
    const wish = wishOf(args);
    const seed = numberOption(args, 'seed', 0, Number.MAX_SAFE_INTEGER);
    for (const file of await openLabsHere(ports))
      ports.err(`${printable(file)} cannot be read, so its networks may be given too.\n`);
    const random = seed === undefined ? ports.random : seededRandom(seed);
    const { networks, free } = drawNetworks(wish, await usedNetworks(ports.store, ports.hostNetworks), random);
    const texts = networks.map(formatCidr);
    if (args.options.has('json')) printJson({ networks: texts, free: Number(free) }, ports);
    else ports.out(`${texts.join('\n')}\n`);
    return exitCodes.done;
  },
};

function wishOf(args: Arguments): NetworkWish {
  const family = args.options.has('ipv6') ? 6 : 4;
  const { largest, smallest, usual } = networkSizes[family];
  const [size = String(usual)] = args.operands;
  const prefix = wholeNumber(size.replace(/^\//, ''), largest, smallest);
  if (prefix === undefined)
    throw new UsageError(`A network of IPv${family} has a size from ${largest} to ${smallest}, not ${size}.`);
  return { family, prefix, count: numberOption(args, 'count', 1, mostNetworks) ?? 1 };
}

function numberOption({ options }: Arguments, name: string, least: number, most: number): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const number = wholeNumber(text, least, most);
  if (number === undefined)
    throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not ${text}.`);
  return number;
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}
