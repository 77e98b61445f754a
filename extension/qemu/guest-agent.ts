import { member } from './json-value.ts';

/**
 * What to write to ask a QEMU guest agent whether it is there. What somebody else began to write before is ended by the
 * byte 0xff, and the answer to the first question tells ours from older ones (QEMU, qga/qapi-schema.json).
 */
export const agentQuestion = (id: number): string =>
  `{"execute":"guest-sync-delimited","arguments":{"id":${id}}}\n{"execute":"guest-ping"}\n`;

/** Agents answer in lines; a longer one is none of theirs. */
const longestLine = 64 * 1024;

/** Takes what an agent writes, in pieces. */
export class AgentAnswers {
  private readonly id: number;
  private rest = '';
  private isSynced = false;

  constructor(id: number) {
    this.id = id;
  }

  /** True: it has answered both questions. */
  push(text: string): boolean {
    const lines = (this.rest + text).split('\n');
    this.rest = (lines.pop() ?? '').slice(-longestLine);
    return lines.some(line => this.isLast(line));
  }

  private isLast(line: string): boolean {
    const answer = answerIn(line);
    if (answer === undefined) return false;
    if (this.isSynced) return true;
    this.isSynced = answer === this.id;
    return false;
  }
}

/** What it returned. Undefined: it is an error, or nothing of an agent. */
function answerIn(line: string): unknown {
  const start = line.indexOf('{');
  if (start < 0) return undefined;
  try {
    return member(JSON.parse(line.slice(start)), 'return');
  } catch {
    return undefined;
  }
}
