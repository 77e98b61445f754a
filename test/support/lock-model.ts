/**
 * The protocol of common-lock.sh as a model: storage whose operations are atomic one by one, hosts that die, and scripts that
 * stop for good before any of their steps. The names of the steps are those that a trace of the real scripts is given.
 */
export type LockStep = 'look' | 'read record' | 'write record' | 'rename state' | 'link lock' | 'remove record';

interface LockRecord {
  readonly state: 'free' | 'starting' | 'running';
  readonly host: string;
  readonly boot: number;
  /** Processes of all boots have different numbers here, as pid and start time together are. */
  readonly pid: number;
  readonly run: string;
}

/** What is in the folder of a lock. */
class LockStorage {
  /** Token of the name that the lock itself has besides "lock"; undefined: nobody ever took it. */
  state: string | undefined;
  readonly records = new Map<string, LockRecord>();
  private readonly past: (string | undefined)[] = [undefined];

  rename(from: string, to: string): boolean {
    return this.state === from && this.become(to);
  }

  link(to: string): boolean {
    return this.state === undefined && this.become(to);
  }

  /** What a client with a cache may still see: the state of `back` changes ago. */
  seen(back: number): string | undefined {
    return this.past[Math.max(0, this.past.length - 1 - back)];
  }

  private become(token: string): boolean {
    this.state = token;
    this.past.push(token);
    return true;
  }
}

export interface ModelProcess {
  readonly pid: number;
  readonly host: ModelHost;
  readonly run: string;
  readonly kind: 'script' | 'QEMU';
  isAlive: boolean;
  /** What was started may not be QEMU yet; and QEMU may wait for its state, or stand still after it has sent it. */
  phase: 'coming' | 'waiting' | 'running';
}

export interface ModelHost {
  readonly name: string;
  boot: number;
  isUp: boolean;
}

/** Parts of the protocol that can be left out, to see that the test notices. */
export interface Rules {
  /** A start that was killed may have left a process that is not QEMU yet. */
  readonly looksAtLeash: boolean;
  /** A state is changed only by whoever renames the very one that was read. */
  readonly renamesWhatWasRead: boolean;
  /** Whose host is not this one is not judged from here. */
  readonly judgesOwnHostOnly: boolean;
  /** Whose hand-over seems to have failed goes on only after it could change its lock, as a cache may show it an old one. */
  readonly provesBeforeGoingOn: boolean;
}

export const allRules: Rules = {
  looksAtLeash: true,
  renamesWhatWasRead: true,
  judgesOwnHostOnly: true,
  provesBeforeGoingOn: true,
};

/** What disturbs a step: a client's cache is so many changes behind; the answer is lost, though the thing was done. */
export interface Disturbance {
  readonly back: number;
  readonly isAnswerLost: boolean;
}

/** A script: it yields the name of its next step, and gets what disturbs it. */
export type Steps<Result> = Generator<LockStep | 'launch' | 'wait' | 'go on', Result, Disturbance>;

interface Seen {
  readonly token: string | undefined;
  readonly record: LockRecord | undefined;
}

export class LockModel {
  readonly storage = new LockStorage();
  readonly processes: ModelProcess[] = [];
  private readonly rules: Rules;
  private tokens = 0;

  constructor(rules: Rules = allRules) {
    this.rules = rules;
  }

  begin(kind: ModelProcess['kind'], host: ModelHost, run: string, phase: ModelProcess['phase']): ModelProcess {
    const process = { pid: this.processes.length + 1, host, run, kind, phase, isAlive: true };
    this.processes.push(process);
    return process;
  }

  owners(): readonly ModelProcess[] {
    return this.processes.filter(({ kind, phase, isAlive }) => isAlive && kind === 'QEMU' && phase === 'running');
  }

  /** What a script finds by the pid file. */
  qemu(host: ModelHost, run: string): ModelProcess | undefined {
    return this.qemus(host, run).find(({ phase }) => phase !== 'coming');
  }

  /** `VM.sh start`; true: it runs here. */
  *start(script: ModelProcess): Steps<boolean> {
    const there = this.qemu(script.host, script.run);
    if (there) return yield* this.adopt(script, there);
    if (!(yield* this.take(script))) return false;
    yield 'launch';
    const qemu = this.begin('QEMU', script.host, script.run, 'coming');
    while (qemu.isAlive && qemu.phase === 'coming') yield 'wait';
    const seen = yield* this.read();
    if (this.isOurs(seen.record, script) && (yield* this.change(qemu, 'running', seen))) return qemu.isAlive;
    qemu.isAlive = false;
    return false;
  }

  /** `VM.sh kill`. */
  *stop(script: ModelProcess): Steps<boolean> {
    const qemu = this.qemu(script.host, script.run);
    if (qemu) qemu.isAlive = false;
    const seen = yield* this.read();
    if (!this.isOurs(seen.record, script) || !this.isStale(seen.record, script)) return false;
    return yield* this.change(script, 'free', seen);
  }

  /** `VM.sh lock break --fenced HOST`, which is said only of a host that is dead, and stays so until this is done. */
  *break(script: ModelProcess, fenced: ModelHost): Steps<boolean> {
    const seen = yield* this.read();
    if (seen.record?.host !== fenced.name || seen.record.state === 'free') return false;
    return yield* this.change(script, 'free', seen);
  }

  /** What a migration does once the source stands still: the lock passes over, then the other goes on. */
  *migrate(source: ModelProcess, target: ModelProcess): Steps<boolean> {
    source.phase = 'waiting';
    const isPassed = yield* this.handOver(source, target);
    yield 'go on';
    if (isPassed) {
      if (yield* this.isMine(target)) target.phase = 'running';
      source.isAlive = false;
    } else if (isPassed === false) {
      target.isAlive = false;
      if (source.isAlive) source.phase = 'running';
    }
    return isPassed === true;
  }

  /** Undefined: it cannot be seen whose it is, so neither goes on. */
  private *handOver(source: ModelProcess, target: ModelProcess): Steps<boolean | undefined> {
    const seen = yield* this.read();
    if (!this.isHolder(seen.record, source)) return undefined;
    if (yield* this.change(target, 'running', seen)) return true;
    const now = yield* this.read();
    if (this.isHolder(now.record, target)) return true;
    if (!this.isHolder(now.record, source)) return undefined;
    return !this.rules.provesBeforeGoingOn || (yield* this.change(source, 'running', now)) ? false : undefined;
  }

  private *adopt(script: ModelProcess, qemu: ModelProcess): Steps<boolean> {
    const seen = yield* this.read();
    const isTakeable = !seen.record || seen.record.state === 'free' || this.isStale(seen.record, script);
    if (isTakeable || (this.isOurs(seen.record, script) && seen.record.state === 'starting')) {
      yield* this.change(qemu, 'running', seen);
    }
    return true;
  }

  private *take(script: ModelProcess): Steps<boolean> {
    for (let tries = 0; tries < 20; tries += 1) {
      const seen = yield* this.read();
      if (seen.token !== undefined && !seen.record) return false;
      if (seen.record && seen.record.state !== 'free' && !this.isStale(seen.record, script)) return false;
      if (yield* this.change(script, 'starting', seen)) return true;
      const { record } = yield* this.read();
      if (record?.state === 'starting' && record.pid === script.pid) return true;
    }
    return false;
  }

  private *read(): Steps<Seen> {
    for (let tries = 0; tries < 100; tries += 1) {
      const { back } = yield 'look';
      // A cache does not stay behind for ever.
      const token = this.storage.seen(tries < 50 ? back : 0);
      if (token === undefined) return { token, record: undefined };
      yield 'read record';
      const record = this.storage.records.get(token);
      if (record) return { token, record };
    }
    return { token: this.storage.state, record: undefined };
  }

  private *change(holder: ModelProcess, state: LockRecord['state'], seen: Seen): Steps<boolean> {
    this.tokens += 1;
    const token = `t${this.tokens}`;
    yield 'write record';
    const { host, run, pid } = holder;
    this.storage.records.set(token, { state, pid, run, host: host.name, boot: host.boot });
    const { isAnswerLost } = yield seen.token === undefined ? 'link lock' : 'rename state';
    if (this.moved(seen.token, token) && !isAnswerLost) return yield* this.changed(seen);
    const now = yield* this.read();
    return now.token === token ? yield* this.changed(seen) : false;
  }

  private moved(from: string | undefined, to: string): boolean {
    if (from === undefined) return this.storage.link(to);
    return this.storage.rename(this.rules.renamesWhatWasRead ? from : (this.storage.state ?? from), to);
  }

  private *changed({ token }: Seen): Steps<boolean> {
    if (token === undefined) return true;
    yield 'remove record';
    this.storage.records.delete(token);
    return true;
  }

  private *isMine(qemu: ModelProcess): Steps<boolean> {
    const { record } = yield* this.read();
    return this.isHolder(record, qemu);
  }

  private isHolder(record: LockRecord | undefined, qemu: ModelProcess): boolean {
    return this.isOurs(record, qemu) && record.state === 'running' && record.pid === qemu.pid;
  }

  private qemus(host: ModelHost, run: string): readonly ModelProcess[] {
    return this.processes.filter(one => one.isAlive && one.kind === 'QEMU' && one.host === host && one.run === run);
  }

  private isOurs(record: LockRecord | undefined, { host, run }: ModelProcess): record is LockRecord {
    const isSame = record?.host === host.name && record.boot === host.boot && record.run === run;
    return isSame && record.state !== 'free';
  }

  private isStale(record: LockRecord, { host }: ModelProcess): boolean {
    if (record.host !== host.name) return !this.rules.judgesOwnHostOnly;
    if (record.boot !== host.boot) return true;
    if (this.processes.some(one => one.pid === record.pid && one.isAlive)) return false;
    if (record.state === 'running' || !this.rules.looksAtLeash) return true;
    return this.qemus(host, record.run).length === 0;
  }
}
