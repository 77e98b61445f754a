import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { hoverAt } from '../../../extension/language/hover.ts';
import { atMark } from '../../support/language-facts.ts';

const lab = `defaults: { memory: 96M }
templates:
  base: { cpus: 2 }
switches:
  lan: { description: The office, network: 10.1.0.0/24, vlans: [10] }
vms:
  fw:
    id: 31
    vnc: true
    extends: base
    nics: [{ switch: lan, address: 10.1.0.1/24 }]
  pc: { id: 32, memory: 1G, gateway: 10.1.0.1, nics: [{ switch: lan, address: 10.1.0.9/24 }] }
groups:
  office: { vms: [pc] }
`;

/** The card at the first letter of the word that the mark stands before. */
async function card(marked: string): Promise<string | undefined> {
  const { text, offset } = atMark(marked);
  const found = await hoverAt(text, offset, {
    lab: readLab(text, { fileName: 'x.lab.yaml' }).lab,
    vmState: name => (name === 'fw' ? 'running' : 'stopped'),
    switchState: () => 'running',
    livePorts: () => Promise.resolve(2),
  });
  return found?.markdown;
}

const at = (before: string): Promise<string | undefined> => card(lab.replace(before, `|${before}`));

describe('the card of', () => {
  test('a VM: state, ports, MACs, and where what it inherits comes from', async () => {
    const text = await at('fw:');

    expect(text?.split('\n\n').slice(0, 4)).toEqual([
      '**VM fw** · running · ID 31',
      'Extends `base`: `cpus`.',
      '- serial console `localhost:10031`\n- monitor `localhost:20031`\n- display (VNC) `localhost:30031`',
      '- NIC 1: `52:54:00:00:1f:01` · switch lan port 1 · running · `10.1.0.1/24`',
    ]);
    expect(text).toContain('- memory `96M`, from defaults');
  });

  test('a switch: network, ports by the file and live, and who plugs in', async () => {
    const text = await at('lan: { description');

    expect(text).toContain('**Switch lan** · running · `10.1.0.0/24`');
    expect(text).toContain('31 ports · 2 in use now · VLAN 10');
    expect(text).toContain('- pc, NIC 1: `52:54:00:00:20:01` · switch lan port 2');
    expect(await at('lan, address: 10.1.0.9')).toContain('**Switch lan**');
  });

  test('a VM and a switch of other hosts: which', async () => {
    const spread =
      'hosts: { left_1: {} }\nswitches: { lan: {} }\nvms: { a: { id: 1, nics: [{ switch: lan }] }, b: { id: 2, host: left_1, nics: [{ switch: lan }] } }';
    const first = async (mark: string) => (await card(spread.replace(mark, `|${mark}`)))?.split('\n\n')[0];

    expect(await first('a: {')).toBe('**VM a** · stopped · ID 1');
    expect(await first('b: {')).toBe('**VM b** · stopped · on left\\_1 · ID 2');
    expect(await first('lan: {')).toBe('**Switch lan** · running · here and on left\\_1');
  });

  test('a template, a group, a member, an address', async () => {
    expect(await at('base: {')).toBe('**Template base**\n\nExtended by 1 VM:\n\n- fw');
    expect(await at('office:')).toBe('**Group office**\n\n- pc · stopped');
    expect(await at('pc] }')).toContain('**VM pc** · stopped · ID 32');
    expect(await at('10.1.0.9/24')).toContain(
      'Network `10.1.0.0/24`, switch lan\n\n- `10.1.0.1/24` fw, NIC 1\n- `10.1.0.9/24` pc, NIC 1',
    );
  });

  test('a key: what it is for, its default, and what it becomes', async () => {
    const text = await at('memory: 1G');

    expect(text).toContain('**memory** · default `"256M"`\n\nMemory: a number with M or G.');
    expect(text).toContain('`1G`, from its entry in the lab file  \n`-m 1G`: The memory of the guest');
    expect(await at('1G,')).toContain('`-m 1G`');
  });
});

test('nothing is said of comments, blanks and words that nobody knows', async () => {
  expect(await card('vms: # |fw\n')).toBeUndefined();
  expect(await card('vms:\n  fw:\n |\n')).toBeUndefined();
  expect(await card('vms:\n  fw:\n    |colour: 1\n')).toBeUndefined();
});

test('names and texts of the file are shown as text, whatever they say', async () => {
  const evil = '<b>![x](http://evil/a.png) [y](command:z) `code`';
  const text = await card(`vms:\n  |fw: { id: 1, description: ${JSON.stringify(evil)} }\n`);

  expect(text).toContain(String.raw`\<b\>\!\[x\]\(http\:\/\/evil\/a\.png\) \[y\]\(command\:z\) \`code\``);
});
