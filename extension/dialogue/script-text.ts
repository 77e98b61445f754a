import { Document, stringify } from 'yaml';
import type { Template } from './install-script.ts';
import type { LearnedDeed, LearnedScript, LearnedStep } from './learn/learned-script.ts';

/** A learned script as the text of an `*.install.yaml`, as a person would write it. `description`: one line. */
export function scriptText(script: LearnedScript, description: string): string {
  const { secrets, steps } = script;
  const vars = secrets.map(secret => {
    return [secret.name, { secret: true, ...(secret.description === '' ? {} : { description: secret.description }) }];
  });
  const head = { description, ...(vars.length === 0 ? {} : { vars: Object.fromEntries(vars) as unknown }) };
  // Without a limit, long texts would be folded; what is read again would be the same, but not what a person sees.
  return stringify(
    { ...head, steps: steps.map(stepData) },
    { lineWidth: 0, singleQuote: true, flowCollectionPadding: false },
  );
}

function stepData({ expect, timeoutMs, deed }: LearnedStep): Readonly<Record<string, unknown>> {
  return {
    ...(expect === undefined ? {} : { expect }),
    ...(timeoutMs === undefined ? {} : { timeout: timeText(timeoutMs) }),
    ...(deed ? deedData(deed) : {}),
  };
}

function deedData(deed: LearnedDeed): Readonly<Record<string, unknown>> {
  switch (deed.kind) {
    case 'send':
    case 'type':
      return { [deed.kind]: templateText(deed.text) };
    case 'keys':
      return { keys: deed.keys.length === 1 ? deed.keys[0] : new Document().createNode(deed.keys, { flow: true }) };
    case 'wait':
      return { wait: timeText(deed.ms) };
  }
}

function templateText(template: Template): string {
  let text = '';
  let plain = '';
  for (const part of template) {
    if (typeof part === 'string') plain += part;
    else [text, plain] = [`${text}${quoted(plain)}\${${part.name}}`, ''];
  }
  return text + quoted(plain);
}

/** `$${` stands for `${`. */
const quoted = (plain: string): string => plain.replaceAll('${', () => '$${');

const timeText = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1000}s`);
