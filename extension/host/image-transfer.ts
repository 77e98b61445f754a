import { onCancel } from '../base/cancel.ts';
import { CalledOff, UserError } from '../base/user-error.ts';
import { mayFollow, planAnswer, rangeHeaders, validatorOf, type AnswerPlan } from '../images/download-plan.ts';
import type { DownloadWork } from '../runtime/image-ports.ts';
import type { PartialImage } from './partial-image.ts';

/** As much of fetch as is needed here, whoever's it is. */
export type Fetch = (url: string, options: FetchOptions) => Promise<FetchAnswer>;

interface FetchOptions {
  readonly headers: Record<string, string>;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

interface FetchAnswer {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: (AsyncIterable<Uint8Array> & { readonly cancel: () => Promise<void> }) | null;
}

export type Transfer =
  | { readonly kind: 'whole' }
  /** It broke off, and another try may help. */
  | { readonly kind: 'cut'; readonly reason: string };

const mostRedirects = 10;
/** A server that says nothing for so long has been lost. */
const silenceMs = 60_000;

/** One try: asks for what is missing and takes what comes. Rejects with a UserError if trying again is no use. */
export async function transfer(
  url: string,
  part: PartialImage,
  work: DownloadWork & { readonly fetch: Fetch },
): Promise<Transfer> {
  const controller = new AbortController();
  const cancelling = onCancel(work.signal, () => controller.abort());
  let watchdog = setTimeout(() => controller.abort(), silenceMs);
  const alive = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => controller.abort(), silenceMs);
  };
  try {
    return await take(url, part, work, { fetch: work.fetch, signal: controller.signal, alive });
  } catch (error) {
    if (work.signal?.aborted === true) throw new CalledOff(`Fetching ${url} was called off. What has come is kept.`);
    if (error instanceof UserError) throw error;
    return { kind: 'cut', reason: controller.signal.aborted ? 'the server has fallen silent' : networkReason(error) };
  } finally {
    // Ends a body that was not read to its end.
    controller.abort();
    clearTimeout(watchdog);
    cancelling.dispose();
  }
}

interface Line {
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Something came. */
  readonly alive: () => void;
}

async function take(url: string, part: PartialImage, work: DownloadWork, line: Line): Promise<Transfer> {
  const { response, plan } = await ask(url, part, line);
  if (plan.kind === 'busy') return { kind: 'cut', reason: `the server ${plan.reason}` };
  if (plan.kind === 'refused') throw new UserError(`${url} could not be fetched: the server ${plan.reason}.`);
  if (plan.kind === 'start-over' || plan.kind === 'redirect') {
    await part.empty();
    return { kind: 'cut', reason: 'the server has another file now' };
  }
  if (plan.kind === 'begin') {
    await part.empty();
    await part.setValidator(validatorOf(name => response.headers.get(name) ?? undefined));
  }
  const { total } = plan;
  for await (const piece of response.body ?? []) {
    line.alive();
    if (total !== undefined && part.bytes + piece.length > total)
      throw new UserError(`${url} could not be fetched: the server sends more than it said.`);
    await part.append(piece);
    work.onProgress?.(part.bytes, total);
  }
  if (total !== undefined && part.bytes < total) return { kind: 'cut', reason: 'the connection broke off' };
  return { kind: 'whole' };
}

/** Follows redirections by our own rule; fetch would go anywhere. */
async function ask(
  url: string,
  part: PartialImage,
  { fetch, signal, alive }: Line,
): Promise<{ readonly response: FetchAnswer; readonly plan: AnswerPlan }> {
  let at = new URL(url);
  for (let count = 0; count <= mostRedirects; count += 1) {
    const headers = rangeHeaders(part.bytes, part.validator);
    const response = await fetch(at.href, { headers, redirect: 'manual', signal });
    alive();
    const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
    const plan = planAnswer({ status: response.status, header }, part.bytes);
    if (plan.kind !== 'redirect') return { response, plan };
    await response.body?.cancel();
    const to = URL.canParse(plan.to, at.href) ? new URL(plan.to, at.href) : undefined;
    if (!to || !mayFollow(at, to))
      throw new UserError(`${url} could not be fetched: the server leads to ${plan.to}, which is not followed.`);
    at = to;
  }
  throw new UserError(`${url} could not be fetched: the server leads in a circle.`);
}

/** fetch says only "fetch failed"; why stands behind it, what a proxy answered even further behind. */
function networkReason(error: unknown): string {
  let reason = error;
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause;
  const message = reason instanceof Error ? reason.message.replace(/\.$/, '') : '';
  return message === '' ? 'the connection broke off' : message;
}
