import type { NicModel } from '../lab/model.ts';

/** What QEMU calls a NIC model. */
export const deviceName = (model: NicModel): string => (model === 'virtio' ? 'virtio-net-pci' : model);

/**
 * What the parts of a VM's NIC are called inside QEMU. A hub lies between the card and the plug, so that the plug can be
 * moved while the guest keeps its card. common-vm.sh knows these names too.
 */
export const nicIds = (number: number) => ({
  /** The hub port behind the card. */
  nic: `nic${number}`,
  card: `card${number}`,
  vde: `vde${number}`,
  /** The hub port in front of the plug. */
  plug: `plug${number}`,
  /**
   * An empty hub port that swallows what is sent while there is no plug. Without it QEMU keeps the first such frame for
   * ever, and the card never sends again, however it is plugged in later.
   */
  open: `open${number}`,
  /** An empty hub port that stands for "the cable is pulled": QEMU takes a link down but does not tell whether it is. */
  pulled: `pulled${number}`,
});
