import { arpQuestion, readKnockAnswer, type Party } from '../../packets/tcp-knock.ts';
import type { FramePort } from '../wire-ports.ts';
import { sendOver, Way, type FrameCode, type MeasuredWay, type MeasureOptions } from './measured-way.ts';

export interface MeasureGuestOptions extends MeasureOptions {
  /** The card of the guest, and the IPv4 address that it has there. */
  readonly guest: Party;
  /** 32 bits that nobody else has. */
  readonly mark: number;
}

/**
 * Asks a guest for its own address (ARP), again and again, and counts the answers: there and back over the wire of its
 * NIC, with what the guest takes. Each guest that has an address answers, whatever its firewall says.
 */
export async function measureGuest(port: FramePort, options: MeasureGuestOptions): Promise<MeasuredWay> {
  const way = new Way(port, port, codeOf(options), options);
  await sendOver([way], options);
  return way.measured();
}

/** An answer goes to the MAC that asked. More than may be on their way, and few enough for the tables of switches. */
const slots = 64;

function codeOf({ guest, mark }: MeasureGuestOptions): FrameCode {
  const asked = new Map<number, { readonly number: number; readonly frame: number }>();
  return {
    write(number, frame) {
      const slot = frame % slots;
      asked.set(slot, { number, frame });
      // From no address: so the guest remembers nothing (RFC 5227).
      const question = arpQuestion({ mac: macOf(mark, slot), address: 0 }, guest.address);
      // To this card only: Linux answers for any of its addresses on each card that hears the question.
      question.set(guest.mac);
      return question;
    },
    read(bytes) {
      const answer = readKnockAnswer(bytes, { fromPort: 0, toPort: 0 });
      if (answer?.kind !== 'owner' || answer.address !== guest.address) return undefined;
      const slot = bytes[5] ?? 0;
      const isOurs = isSameMac(macOf(mark, slot), bytes) && isSameMac(guest.mac, answer.mac);
      return isOurs ? asked.get(slot) : undefined;
    },
  };
}

/** `bytes` may go on behind it. */
const isSameMac = (mac: Uint8Array, bytes: Uint8Array): boolean => mac.every((byte, at) => byte === bytes[at]);

/** Locally administered. */
const macOf = (mark: number, slot: number): Uint8Array =>
  Uint8Array.of(2, mark >>> 24, (mark >>> 16) & 0xff, (mark >>> 8) & 0xff, mark & 0xff, slot);
