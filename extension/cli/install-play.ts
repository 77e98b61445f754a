import { stepWords } from '../dialogue/player/step-words.ts';
import type { InstallScript, Step } from '../dialogue/install-script.ts';
import { folderOf } from '../runtime/paths.ts';
import { placeWords, stuckLines } from '../runtime/installs/run-words.ts';
import { scriptValues } from '../runtime/installs/script-values.ts';
import { ScriptRun, type RunEnd } from '../runtime/installs/script-run.ts';
import { exitCodes, printJson, type CliPorts, type ExitCode } from './command.ts';
import { hiddenLine } from './hidden-line.ts';
import type { InstallTarget } from './install-target.ts';
import type { PlayOptions } from './tn-inst-options.ts';
import { printable } from './text-table.ts';

export interface PlayOrder extends PlayOptions {
  /** As the user named it. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly script: InstallScript;
  readonly given: ReadonlyMap<string, string>;
  readonly from: Step | undefined;
}

export interface Played {
  readonly code: ExitCode;
  readonly end: RunEnd;
}

/**
 * Plays a script to its end and tells of it as the command line wants. The target is looked for when all values are there;
 * `begin` comes when the console is listened to.
 */
export async function playInstall(
  order: PlayOrder,
  findTarget: () => Promise<InstallTarget>,
  ports: CliPorts,
  begin: () => Promise<void> = () => Promise.resolve(),
): Promise<Played> {
  const values = await scriptValues(order.script, order.given, {
    secret: async ({ name, description }) =>
      ports.installs.secret(name) ?? (await hiddenLine(question(name, description), ports)),
  });
  const target = await findTarget();
  const { session, machine, hasPrompt } = target;
  const run = new ScriptRun({
    ...{ script: order.script, values, session, machine, hasPrompt, clock: ports.clock },
    connectMs: order.connectMs,
    resolve: (file, from) => absolute(file, folderOf(from ?? order.path)),
  });
  try {
    const teller = new Teller(order, run, ports);
    const [end] = await Promise.all([run.play(ports.signal, order.from), begin()]);
    run.transcript.end();
    if (order.transcript !== undefined)
      await ports.files.write(ports.folder.resolve(order.transcript), run.transcript.text);
    return { end, code: teller.tell(end, target) };
  } finally {
    run.dispose();
    session.dispose();
  }
}

const question = (name: string, description: string | undefined): string =>
  `Secret ${name}${description === undefined ? '' : ` (${printable(description)})`}: `;

const absolute = (file: string, folder: string): string => (file.startsWith('/') ? file : `${folder}/${file}`);

/** Says on both streams how far a run is. */
class Teller {
  private readonly order: PlayOrder;
  private readonly run: ScriptRun;
  private readonly ports: CliPorts;
  private isLineOpen = false;
  private step: Step | undefined;

  constructor(order: PlayOrder, run: ScriptRun, ports: CliPorts) {
    this.order = order;
    this.run = run;
    this.ports = ports;
    if (!order.isJson) run.onDidPrint(text => this.print(text));
    run.onDidChange(state => {
      if (state.kind === 'playing' && state.step && state.step !== this.step) this.begin(state.step);
    });
  }

  tell(end: RunEnd, { name, logPath }: InstallTarget): ExitCode {
    const { hasSeenSecrets } = this.run.transcript;
    if (hasSeenSecrets)
      this.say(
        `The guest has printed a secret.${logPath === undefined ? '' : ` It stands in the console log: ${logPath}`}`,
      );
    if (this.order.isJson) printJson({ ...this.asJson(end), guestShowedSecrets: hasSeenSecrets }, this.ports);
    else this.sayEnd(end, name);
    if (end.kind === 'unconnected') return exitCodes.already;
    return end.kind === 'finished' ? exitCodes.done : exitCodes.failed;
  }

  private print(text: string): void {
    this.ports.out(text);
    this.isLineOpen = !text.endsWith('\n');
  }

  private begin(step: Step): void {
    this.step = step;
    this.say(`[${step.number}/${this.run.steps.length}] ${placeWords(step, this.order.file)}: ${stepWords(step)}`);
  }

  private sayEnd(end: RunEnd, name: string): void {
    if (end.kind === 'finished') this.say(`${this.order.file} is done.`);
    else if (end.kind === 'cancelled') this.say('Called off.');
    else if (end.kind === 'unconnected')
      this.say(`kvmlab: the console of ${name} could not be connected in time: ${end.reason}. Is it running?`);
    else {
      const { stuck } = end;
      this.say(`kvmlab: ${placeWords(stuck.step, this.order.file)}: ${stuckLines(stuck).join(' ')}`);
      this.say('What came last:');
      for (const line of stuck.lastLines) this.say(`    ${line}`);
      this.say(`When it is mended, go on with: --from ${stuck.step.number}`);
    }
  }

  private asJson(end: RunEnd): Readonly<Record<string, unknown>> {
    const step = end.kind === 'stuck' ? end.stuck.step : this.step;
    const reason = end.kind === 'stuck' ? end.stuck.reason : undefined;
    return {
      outcome: end.kind,
      step: step?.number ?? null,
      of: this.run.steps.length,
      file: step ? (step.place.file ?? this.order.file) : null,
      line: step?.place.line ?? null,
      does: step ? stepWords(step) : null,
      expected: reason?.kind === 'late' ? reason.expected : [],
      message: end.kind === 'stuck' ? stuckLines(end.stuck).join(' ') : end.kind === 'unconnected' ? end.reason : null,
      lastLines: end.kind === 'stuck' ? end.stuck.lastLines : [],
    };
  }

  /** Beside what the guest prints, on a line of its own. */
  private say(line: string): void {
    const isShared = this.isLineOpen && this.ports.consoles.terminal.isScreen;
    this.ports.err(`${isShared ? '\n' : ''}${printable(line)}\n`);
    if (isShared) this.isLineOpen = false;
  }
}
