/** What apt says of one package. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** Names of what it needs, the first of each choice, without version conditions. */
  readonly depends: readonly string[];
}

/** Reads `apt-cache show`: paragraphs of `Field: value` lines (deb-control(5)). */
export function parsePackages(text: string): readonly DebianPackage[] {
  return text.split(/\n\s*\n/).flatMap(paragraph => {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(paragraph)?.[1]?.trim();
    const name = field('Package');
    const version = field('Version');
    if (name === undefined || version === undefined) return [];
    const depends = (field('Depends') ?? '').split(',').flatMap(choice => /^\s*([^\s(|:]+)/.exec(choice)?.[1] ?? []);
    return [{ name, version, depends }];
  });
}
