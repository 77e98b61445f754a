import { defaultFormat, looksLikePath } from '../images.ts';
import type { CloudInit, Image, ImagePlace, ImageSource, VmImage } from '../model.ts';
import { asMap, noKeys, readKeys, type Scope } from './read-keys.ts';
import { cloudInitKeys, imageKeys } from '../schema.ts';
import { vmOverlay, vmSeed } from '../layout.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';

export function readImage(scope: Scope, entry: YamlEntry): Image {
  const example = '"file: images/base.qcow2", or "url:" and "sha256:"';
  const map = asMap(scope, entry.value, entry.key, example) ?? noKeys(entry.keySpan);
  const { values, spans } = readKeys(scope, map, imageKeys);
  const place = readPlace(scope, entry, values, spans);
  return {
    name: entry.key,
    source: place && {
      place,
      format: values.format ?? defaultFormat(place.kind === 'url' ? urlPath(place.url) : place.path),
      size: values.size,
    },
    nameSpan: entry.keySpan,
    span: { ...entry.keySpan, end: Math.max(entry.keySpan.end, entry.value.span.end) },
    spans,
  };
}

interface PlaceValues {
  readonly file?: string;
  readonly url?: string;
  readonly sha256?: string;
}

/** Exactly one of both. What has been reported as a bad value is not also missing. */
function readPlace(
  scope: Scope,
  entry: YamlEntry,
  { file, url, sha256 }: PlaceValues,
  spans: Readonly<Record<string, TextSpan>>,
): ImagePlace | undefined {
  const [fileSpan, urlSpan] = [spans['file'], spans['url']];
  if (fileSpan && urlSpan) {
    const message = `Image "${entry.key}" has a file and a URL. Remove one of them.`;
    scope.report('bad-value', urlSpan, message);
  } else if (!fileSpan && !urlSpan) {
    const message = `Image "${entry.key}" has no place yet. Add "file:" with its path, or "url:" and "sha256:".`;
    scope.report('missing-key', entry.keySpan, message);
  }
  if (file !== undefined) return { kind: 'file', path: file, sha256 };
  if (url !== undefined && sha256 !== undefined) return { kind: 'url', url, sha256 };
  if (urlSpan && !('sha256' in spans)) {
    const message = `Nothing is fetched without a check. Add "sha256:" with the sum that the image's publisher gives.`;
    scope.report('image-without-sum', urlSpan, message);
  }
  return undefined;
}

const urlPath = (url: string): string => url.replace(/[?#].*$/, '');

interface OwnDisks {
  readonly image: VmImage | undefined;
  readonly cloudInit: CloudInit | undefined;
}

/** What a VM has of its own under the name of its lab. */
export function resolveDisks(
  vm: { readonly name: string; readonly image: string | undefined; readonly cloudInit: DraftCloudInit | undefined },
  images: readonly Image[],
  lab: string,
): OwnDisks {
  const { name, image: text, cloudInit } = vm;
  return {
    image: text === undefined ? undefined : { text, source: sourceOf(text, images), overlay: vmOverlay(lab, name) },
    cloudInit: cloudInit && { ...cloudInit, seed: vmSeed(lab, name) },
  };
}

function sourceOf(text: string, images: readonly Image[]): ImageSource | undefined {
  const known = images.find(({ name }) => name === text);
  if (known) return known.source;
  if (!looksLikePath(text)) return undefined;
  return { place: { kind: 'file', path: text, sha256: undefined }, format: defaultFormat(text), size: undefined };
}

/** All but the place of its seed, which has the lab's name in it. */
export type DraftCloudInit = Omit<CloudInit, 'seed'>;

export function readCloudInit(scope: Scope, node: YamlNode | undefined): DraftCloudInit | undefined {
  const map = asMap(scope, node, 'cloud-init', '"user: admin" and "ssh-keys:"');
  if (!map) return undefined;
  const { values, spans } = readKeys(scope, map, cloudInitKeys);
  for (const key of ['password', 'ssh-keys'] as const) {
    const span = spans[key];
    if (span && !('user' in spans))
      scope.report('missing-key', span, `${key} is of a user, and there is none. Add "user:" with a login.`);
  }
  return {
    user: values.user,
    password: values.password,
    sshKeys: values['ssh-keys'] ?? [],
    hostname: values.hostname,
    packages: values.packages ?? [],
  };
}
