import type { PlainPath } from '../lab/reading/plain-data.ts';
import type { SchemaKey } from '../lab/schema-places.ts';
import { groupKeys, labKeys, nicKeys, switchKeys, tapKeys, templateKeys, vmKeys, wireKeys } from '../lab/schema.ts';
import type { TextSpan } from '../lab/text-span.ts';
import { explainVm, type ExplainedSetting } from '../script/explain.ts';
import {
  addressCard,
  groupCard,
  nicLine,
  switchCard,
  templateCard,
  vmCard,
  vmOf,
  type HoverFacts,
} from './hover-cards.ts';
import { beside, codeMarkdown as code, paragraphs, plainMarkdown as plain } from './markdown.ts';
import { placeAt, type Place } from './place.ts';

export interface Hover {
  readonly span: TextSpan;
  readonly markdown: string;
}

/** What there is to say of the word at an offset. Undefined: nothing. */
export async function hoverAt(text: string, offset: number, facts: HoverFacts): Promise<Hover | undefined> {
  const place = placeAt(text, offset);
  if (!place || place.cursor.word.text === '') return undefined;
  const { word, part } = place.cursor;
  const markdown = await (part === 'key' ? keyHover(place, facts) : valueHover(place, facts));
  return markdown === undefined || markdown === '' ? undefined : { span: word.span, markdown };
}

async function keyHover({ cursor, schema, places }: Place, facts: HoverFacts): Promise<string | undefined> {
  const name = cursor.word.text;
  if (schema.isNamed && schema.key === labKeys.vms) return vmCard(name, facts);
  if (schema.isNamed && schema.key === labKeys.switches) return switchCard(name, facts);
  if (schema.isNamed && schema.key === labKeys.groups) return groupCard(name, facts);
  if (schema.isNamed && schema.key === labKeys.templates) return templateCard(name, facts);
  const known = places.key(cursor.path, name);
  return known && paragraphs(keyCard(known), settingsAt([...cursor.path, name], facts));
}

/** What the schema says of a key. */
export function keyCard({ name, description, defaultValue }: SchemaKey): string {
  return paragraphs(
    beside(`**${name}**`, defaultValue === undefined ? undefined : `default ${code(JSON.stringify(defaultValue))}`),
    description,
  );
}

async function valueHover({ cursor, schema }: Place, facts: HoverFacts): Promise<string | undefined> {
  const { word, path } = cursor;
  const { key } = schema;
  if (key === nicKeys.switch) return paragraphs(await switchCard(word.text, facts), nicAt(path, facts));
  if (key === wireKeys.between) return switchCard(word.text, facts);
  if (key === groupKeys.vms || key === templateKeys.after) return vmCard(word.text, facts);
  if (key === vmKeys.extends) return templateCard(word.text, facts);
  const isAddress = [nicKeys.address, nicKeys.tagged, vmKeys.gateway, switchKeys.network, tapKeys.address].some(
    one => one === key,
  );
  return paragraphs(isAddress ? addressCard(word.text, facts) : undefined, nicAt(path, facts), settingsAt(path, facts));
}

/** The NIC that the path leads into. */
function nicAt(path: PlainPath, facts: HoverFacts): string | undefined {
  const [things, name, list, index] = path;
  if (things !== 'vms' || list !== 'nics' || typeof index !== 'number') return undefined;
  const nic = vmOf(facts.lab, String(name))?.nics[index];
  return nic && nicLine(nic, facts);
}

/** What a VM makes of the key or value there, and where that comes from. */
function settingsAt([things, name, ...rest]: PlainPath, { lab }: HoverFacts): string | undefined {
  const vm = things === 'vms' ? vmOf(lab, String(name)) : undefined;
  if (!lab || !vm || rest.length === 0) return undefined;
  // Settings count items from 1; they name `nics.2.mac` where the file has `nics`, index 1, `mac`.
  const key = rest.map(step => (typeof step === 'number' ? step + 1 : step)).join('.');
  const isOwn = (setting: ExplainedSetting): boolean =>
    setting.key === key || setting.key?.startsWith(`${key}.`) === true;
  const found = explainVm(lab, vm.name).filter(isOwn).slice(0, 6);
  return paragraphs(...found.map(setting => settingText(setting, setting.key === key)));
}

function settingText({ key, value, origin, options }: ExplainedSetting, isExact: boolean): string {
  const head = beside(`${isExact ? '' : `${plain(key ?? '')} `}${code(value)}, ${plain(origin)}`);
  // A line break within a paragraph needs two blanks before it.
  return [head, ...options.map(({ words, meaning }) => `${code(words.join(' '))}: ${plain(meaning)}`)].join('  \n');
}
