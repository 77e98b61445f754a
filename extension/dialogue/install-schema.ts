import * as z from 'zod/mini';
import * as value from '../lab/schema-values.ts';
import { keyBytes } from './key-bytes.ts';

/**
 * The install script, written once: the checks of single values, the JSON Schema, completion and hover come from here.
 * Steps hold steps, so they are lazy (`z.lazy`) where they stand in each other.
 */

function key<Schema extends z.ZodMiniType>(schema: Schema, description: string, defaultValue?: unknown) {
  const optional = z.optional(schema);
  z.globalRegistry.add(optional, { description, ...(defaultValue === undefined ? {} : { default: defaultValue }) });
  return optional;
}

const mostRounds = 10_000;

const text = z.union([z.string(), z.number(), z.boolean()], { error: 'takes a text.' });
const pattern = z.string({ error: 'takes a text, or a regular expression between slashes: "/login: ?$/".' });
const rounds = z
  .int({ error: `takes how often at most, a whole number from 1 to ${mostRounds}.` })
  .check(z.minimum(1, { error: `takes a whole number from 1 to ${mostRounds}.` }))
  .check(z.maximum(mostRounds, { error: `takes a whole number from 1 to ${mostRounds}.` }));
const keyName = z.string({ error: 'takes names of keys, such as enter, up, f2, ctrl-c.' }).check(
  z.refine(name => keyBytes(name) !== undefined, {
    error: 'takes names of keys: enter, tab, esc, space, up, pgdn, f1 to f12, ctrl-c, alt-x, break, or one character.',
  }),
);
const keyList = Object.assign(
  key(
    z.union([keyName, z.array(keyName)]),
    'Keys that are pressed one after another: enter, [down, down, enter], ctrl-c, break.',
  ),
  { itemSchema: keyName },
);
const vmOrder = z.enum(['reboot', 'reset', 'powerdown', 'off'], {
  error: 'takes reboot (Ctrl+Alt+Delete), reset, powerdown (the power button) or off (wait until the VM has ended).',
});

const stepList = z.lazy((): z.ZodMiniType => z.array(z.strictObject(stepKeys)));
const branchList = z.lazy((): z.ZodMiniType => z.array(z.strictObject(branchKeys)));

export const variableKeys = {
  description: key(value.text, 'What it is, in your words; who is asked for it sees this.'),
  default: key(text, 'Its value where none is given. A secret has none: it would stand in this file.'),
  secret: key(value.flag, 'Never shown and never written: from $KVMLAB_SECRET_NAME, or asked for.', false),
};

const typingKeys = {
  send: key(text, 'Types this text and Enter.'),
  type: key(text, 'Types this text, without Enter.'),
  keys: keyList,
};

export const branchKeys = {
  expect: key(pattern, 'What has to come for this branch: a text, or /regular expression/.'),
  ...typingKeys,
  steps: key(stepList, 'What is done in this branch.'),
};

const stepKeys = {
  name: key(value.text, 'A name for this step; an install can begin there.'),
  expect: key(
    pattern,
    'Waits until this is printed: a text, or /regular expression/. Its (?<name>…) become variables.',
  ),
  ...typingKeys,
  'first-of': key(branchList, 'Waits for several things; the first that comes says what is done.'),
  repeat: key(rounds, 'Does `steps`, or answers with `first-of`, again and again, at most so often.'),
  until: key(pattern, 'Ends `repeat`: with `first-of` at any time, else within `timeout` after a round.'),
  while: key(pattern, 'Another round of `repeat` for each time that it comes within `timeout`.'),
  steps: key(stepList, 'The steps of `repeat`.'),
  wait: key(value.time, 'Waits so long: 5s, 1.5m. Better wait for what is printed.'),
  silence: key(value.time, 'Waits until nothing was printed for so long.'),
  set: key(z.record(z.string(), text), 'Gives variables values: { disk: vda }.'),
  include: key(value.path, 'Another install script of the workspace, whose steps are done here.'),
  vars: key(z.record(z.string(), text), 'Variables for the included script.'),
  cd: key(value.path, 'Puts this image into the CD drive; eject takes the CD out.'),
  vm: key(vmOrder, 'reboot (Ctrl+Alt+Delete), reset, powerdown (the power button), off (wait until the VM has ended).'),
  timeout: key(value.time, 'How long this step waits. By default the timeout of the script.'),
  else: key(stepList, 'What is done when the timeout has passed. Without it the install fails there.'),
};

export const installStepKeys = stepKeys;

export const installKeys = {
  description: key(value.text, 'What this script installs, in your words.'),
  vars: key(
    z.record(z.string(), z.union([text, z.strictObject(variableKeys)])),
    'Variables, by name: a value, or { default, secret, description }. Used as ${name}.',
  ),
  timeout: key(value.time, 'How long each step waits for what it expects.', '60s'),
  typing: key(value.time, 'Pause between two characters. By default as fast as the guest echoes them.'),
  steps: key(z.array(z.strictObject(stepKeys)), 'What is done, one step after another.'),
};

export const installSchema = z.strictObject(installKeys);
