import type { CancelSignal } from '../../base/cancel.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { encodeUtf8, Utf8Decoder } from '../../console/utf8.ts';
import { AgentAnswers, agentQuestion } from '../../qemu/guest-agent.ts';
import type { ConsoleLink, SocketDialer } from '../console-ports.ts';
import type { Clock } from '../host.ts';
import { timePassed } from '../time-passed.ts';
import type { SignWatch } from './sign.ts';

export interface AgentSource {
  readonly sockets: SocketDialer;
  readonly clock: Clock;
  /** Where QEMU lets us in to the agent. */
  readonly socket: string;
  /** 32 bits that nobody else has. */
  readonly random: () => number;
}

const patienceMs = 2000;
/** Ends what anybody has begun to say to the agent. */
const delimiter = 0xff;

/** Whether the QEMU guest agent answers. It is asked anew each time, as one that is not there yet would never hear it. */
export class AgentSign implements SignWatch {
  readonly restMs = 1000;
  private readonly source: AgentSource;

  constructor(source: AgentSource) {
    this.source = source;
  }

  async look(signal: CancelSignal | undefined): Promise<string | undefined> {
    const { sockets, socket } = this.source;
    const link = await sockets.open(socket, signal).catch(() => undefined);
    if (!link)
      return 'Its channel for the guest agent cannot be opened. Was it started before the lab file asked for it?';
    try {
      const isThere = await this.ask(link, signal);
      return isThere ? undefined : 'Its guest agent does not answer. Is qemu-guest-agent installed there?';
    } finally {
      link.dispose();
    }
  }

  private async ask(link: ConsoleLink, signal: CancelSignal | undefined): Promise<boolean> {
    const owned = new DisposableStore();
    const id = this.source.random() >>> 1;
    const [answers, decoder] = [new AgentAnswers(id), new Utf8Decoder()];
    const answered = new Promise<boolean>(resolve => {
      owned.add(link.onData(bytes => answers.push(decoder.push(bytes)) && resolve(true)));
      owned.add(link.onClose(() => resolve(false)));
    });
    try {
      link.write(Uint8Array.from([delimiter, ...encodeUtf8(agentQuestion(id))]));
      return await Promise.race([answered, timePassed(this.source.clock, patienceMs, signal).then(() => false)]);
    } finally {
      owned.dispose();
    }
  }
}
