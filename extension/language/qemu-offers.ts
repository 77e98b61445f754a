import { deviceName } from '../qemu/nic-ids.ts';
import type { QemuModels } from '../qemu/models.ts';
import type { NicModel } from '../lab/model.ts';
import type { Offer } from './completion-item.ts';
import type { LanguageFacts } from './facts.ts';
import { childOf, textsOf } from './loose-facts.ts';
import type { Place } from './place.ts';

/** Models of NICs; those that the installed QEMU has come first, in its own words. */
export async function modelOffers({ schema }: Place, { qemu }: LanguageFacts): Promise<readonly Offer[]> {
  const models = await qemu();
  const offers = schema.words.map(label => {
    const device = models?.devices.find(({ name }) => name === deviceName(label as NicModel));
    const detail = models ? (device?.description ?? 'not in the QEMU of this host') : notInstalled;
    return { label, detail: detail === '' ? undefined : detail, isThere: !models || device !== undefined };
  });
  return [...offers.filter(({ isThere }) => isThere), ...offers.filter(({ isThere }) => !isThere)];
}

const notInstalled = 'built-in list: there is no QEMU on this host';

/** Used where there is no QEMU to ask. */
const wellKnown = {
  '-machine': ['pc', 'q35'],
  '-cpu': ['host', 'max', 'qemu64'],
  '-device': ['virtio-rng-pci', 'usb-tablet', 'i6300esb'],
} as const;

type Option = keyof typeof wellKnown;

const options: Readonly<
  Record<Option, { readonly detail: string; readonly list: (models: QemuModels) => readonly Offer[] }>
> = {
  '-machine': {
    detail: 'the kind of machine; its name is the next item',
    list: ({ machines }) => machines.map(offerOf),
  },
  '-cpu': { detail: 'the model of the CPU; its name is the next item', list: ({ cpus }) => cpus.map(offerOf) },
  '-device': { detail: 'one more device; its name is the next item', list: ({ devices }) => devices.map(offerOf) },
};

const offerOf = ({ name, description }: { readonly name: string; readonly description: string }): Offer => ({
  label: name,
  detail: description === '' ? undefined : description,
});

const isOption = (text: string | undefined): text is Option => text !== undefined && Object.hasOwn(options, text);

/** Arguments for QEMU come one an item: an option, then its value. */
export async function extraOffers({ cursor }: Place, { qemu }: LanguageFacts): Promise<readonly Offer[]> {
  const index = cursor.path.at(-1);
  const before = typeof index === 'number' ? textsOf(childOf(cursor.map, 'extra'))[index - 1] : undefined;
  const option = before === '-M' ? '-machine' : before;
  if (!isOption(option)) return Object.entries(options).map(([label, { detail }]) => ({ label, detail }));
  const models = await qemu();
  return models ? options[option].list(models) : wellKnown[option].map(label => ({ label, detail: notInstalled }));
}
