/** What the answer of a server means for a download of which `have` bytes are there. Only calculations: no network. */

export interface Answer {
  readonly status: number;
  /** Small letters → value. */
  readonly header: (name: string) => string | undefined;
}

export type AnswerPlan =
  /** The body goes behind what is there; `total`: bytes of the whole image, if the server says. */
  | { readonly kind: 'append'; readonly total: number | undefined }
  /** The body is the whole image: what is there is thrown away. */
  | { readonly kind: 'begin'; readonly total: number | undefined }
  | { readonly kind: 'redirect'; readonly to: string }
  /** What is there does not fit what the server has: ask again without it. */
  | { readonly kind: 'start-over' }
  /** Trying again may help. */
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

export function planAnswer({ status, header }: Answer, have: number): AnswerPlan {
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header('content-range') ?? '');
    if (range === null || Number(range[1]) !== have) return { kind: 'start-over' };
    return { kind: 'append', total: range[2] === '*' ? undefined : Number(range[2]) };
  }
  if (status === 200) return { kind: 'begin', total: lengthOf(header('content-length')) };
  if (status === 416 && have > 0) return { kind: 'start-over' };
  if ([301, 302, 303, 307, 308].includes(status)) {
    const to = header('location');
    return to === undefined ? { kind: 'refused', reason: 'leads nowhere (no Location)' } : { kind: 'redirect', to };
  }
  const isBusy = status === 408 || status === 429 || status >= 500;
  return { kind: isBusy ? 'busy' : 'refused', reason: reasonOf(status) };
}

const lengthOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

function reasonOf(status: number): string {
  const known: Readonly<Record<number, string>> = { 401: 'wants a login', 403: 'forbids it', 404: 'has no such file' };
  return `${known[status] ?? 'answers'} (HTTP ${status})`;
}

/** What a request says so that a server goes on where the last one stopped, if the file is still the same. */
export function rangeHeaders(have: number, validator: string | undefined): Readonly<Record<string, string>> {
  // A body that is packed on the way would have another length; sums are over what is stored.
  const plain = { 'accept-encoding': 'identity' };
  if (have === 0) return plain;
  return { ...plain, range: `bytes=${have}-`, ...(validator === undefined ? {} : { 'if-range': validator }) };
}

/** What names this version of a file; a weak ETag (RFC 9110, 13.1.5) may not stand behind If-Range. */
export function validatorOf(header: (name: string) => string | undefined): string | undefined {
  const tag = header('etag');
  return tag !== undefined && !tag.startsWith('W/') ? tag : header('last-modified');
}

/** Of the platform's URL. */
export interface UrlParts {
  readonly protocol: string;
  readonly hostname: string;
  readonly username: string;
  readonly password: string;
}

/** Whether a redirection may be followed: https stays https, and only this host leads to this host. */
export function mayFollow(from: UrlParts, to: UrlParts): boolean {
  if (to.username !== '' || to.password !== '') return false;
  if (isLoopback(to)) return isLoopback(from) && /^https?:$/.test(to.protocol);
  return to.protocol === 'https:';
}

const isLoopback = ({ hostname }: UrlParts): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
