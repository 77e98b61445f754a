/** What `sh` runs on another host; all that differs comes as words or on its input, never in these texts. */

/** The first word after it is $0. */
export const shell = (program: string, ...words: readonly string[]): readonly string[] => [
  'sh',
  '-c',
  program,
  'kvmlab',
  ...words,
];

/** Keeps what was copied last, with its sums, so that a change by hand is told from an old copy. */
const deployedFile = '.deployed';

/** FOLDER: what was copied last, a line with two dashes, what is there now; both as sha256sum prints it. */
export const lookProgram = `cd -- "$1" 2>/dev/null || { echo --; exit 0; }
cat ${deployedFile} 2>/dev/null
echo --
for file in *.sh host; do [ ! -f "$file" ] || sha256sum -- "$file" || exit; done`;

/**
 * FOLDER EDITED…: takes \`NAME BYTES\` and the bytes again and again. \`sums\` has the sums of what was sent: only when all of
 * it has come do the files take their places; \`deployed\` is what is to be kept of that. Of each EDITED a copy stays.
 */
export const writeProgram = `mkdir -p -- "$1" && cd -- "$1" || exit
shift
new=$(mktemp -d .new.XXXXXX) || exit
trap 'rm -rf -- "$new"' EXIT
while read -r name bytes; do head -c "$bytes" >"$new/$name" || exit; done
(cd -- "$new" && sha256sum -c --status sums 2>/dev/null) || { echo 'what came is not what was sent' >&2; exit 1; }
for file in "$@"; do cp -p -- "$file" "$file.edited-$(date +%s)" || exit; done
rm -- "$new/sums" && mv -- "$new/deployed" "$new/${deployedFile}" || exit
for file in "$new"/*.sh; do [ ! -f "$file" ] || chmod 755 -- "$file" || exit; done
for file in "$new"/*; do [ ! -f "$file" ] || mv -f -- "$file" . || exit; done
mv -f -- "$new/${deployedFile}" .`;

/** FILE…: prints those that cannot be read; one that begins with ~/ lies in the home there. */
export const missingProgram = `for file in "$@"; do
  at=$file
  case $at in "~/"*) at=$HOME/\${at#??} ;; esac
  [ -r "$at" ] || printf '%s\\n' "$file"
done`;

/** FOLDER: prints the folder of the tiny guest there, with its kernel. */
export const guestProgram = `own=\${XDG_DATA_HOME:-$HOME/.local/share}/kvmlab/guest
for at in "$1/guest" "$own"; do [ ! -r "$at/vmlinuz" ] || [ ! -r "$at/initrd" ] || { printf '%s\\n' "$at"; exit; }; done
exit 3`;

/** FILE…: of those that can be read, what the mark at the end of a seed says, a tab, and the file; without a mark nothing before the tab. */
export const seedProgram = `for file in "$@"; do
  at=$file
  case $at in "~/"*) at=$HOME/\${at#??} ;; esac
  [ ! -r "$at" ] || printf '%s\\t%s\\n' "$(tail -c 64 -- "$at" | tr -d '\\000' | sed -n 's/^KVM Lab seed //p')" "$file"
done`;

/** FILE BYTES [private]: takes the bytes and puts them there whole; a private file is for its owner's eyes. */
export const putProgram = `[ "$3" != private ] || umask 077
case $1 in */*) mkdir -p -- "\${1%/*}" || exit ;; esac
new=$1.new.$$
trap 'rm -f -- "$new"' EXIT
cat >"$new" || exit
[ "$(wc -c <"$new")" -eq "$2" ] || { echo 'not all of it came' >&2; exit 1; }
mv -f -- "$new" "$1"`;
