import { switchScript } from '../../lab/layout.ts';
import { quote } from '../../script/quote.ts';
import { scriptFolder } from '../lab-identity.ts';
import { finding, tapsOf, type Check, type Finding, type Patient, type SwitchTap } from './check.ts';
import { joinGroup } from './host-checks.ts';

const tun: Check = patient => {
  const about = { id: 'tun', title: '/dev/net/tun', purpose: 'Taps: the host itself on a switch.' };
  const { tun: fact } = patient.facts;
  const words = { there: 'It opens.', refused: 'You may not open it.', missing: 'It is not there.' };
  const fix = fact === 'missing' ? 'sudo modprobe tun' : 'sudo chmod 0666 /dev/net/tun';
  return [finding({ ...about, found: words[fact] }, fact === 'there', tapsOf(patient).length > 0, fix)];
};

/** The group of VDE's own folder /run/vde2, and those that the lab's taps name. */
const groups: Check = ({ facts, ...rest }) => {
  const patient = { facts, ...rest };
  const named = tapsOf(patient).flatMap(({ tap }) => tap.group ?? []);
  return [...new Set([...named, 'vde2-net'])].map(group => {
    const isNeeded = named.includes(group);
    const about = {
      id: `group-${group}`,
      title: `Group ${group}`,
      purpose: isNeeded ? 'Its members may use the tap.' : 'Its members may use the switches in /run/vde2.',
    };
    const isMember = facts.groups.get(group);
    if (isMember === undefined)
      return finding(
        { ...about, found: 'There is no such group.' },
        false,
        isNeeded,
        `sudo addgroup --system ${quote(group)}`,
      );
    const found = isMember ? 'You are in it.' : 'You are not in it.';
    // A tap belongs to its user, member of the group or not.
    return finding({ ...about, found }, isMember || facts.user.isRoot, false, joinGroup(facts, group));
  });
};

const taps: Check = patient =>
  tapsOf(patient).flatMap(one => [tapFinding(one, patient), ...bridgeFinding(one, patient)]);

function tapFinding(one: SwitchTap, patient: Patient): Finding {
  const { interface: name } = one.tap;
  const kind = patient.facts.interfaces.get(name);
  const about = { id: `tap-${name}`, title: `Tap ${name}`, purpose: `This host on switch ${one.name}.` };
  if (kind === undefined) {
    const found = 'It is not there yet. Root makes it, once; then the switch runs without.';
    return finding({ ...about, found }, false, true, asRoot(one, 'start', patient));
  }
  const found = kind === 'tap' ? 'It is there.' : 'That is an interface of this host and no tap. Name another one.';
  return finding({ ...about, found }, kind === 'tap', true);
}

function bridgeFinding(one: SwitchTap, patient: Patient): readonly Finding[] {
  const { bridge } = one.tap;
  if (bridge === undefined) return [];
  const kind = patient.facts.interfaces.get(bridge);
  const about = { id: `bridge-${bridge}`, title: `Bridge ${bridge}`, purpose: `Puts switch ${one.name} into a LAN.` };
  if (kind === undefined) {
    const found = 'It is not there. This command says what making it means, and changes nothing:';
    return [finding({ ...about, found }, false, true, command(one, 'bridge-check', patient))];
  }
  const found = kind === 'bridge' ? 'It is there.' : 'That is an interface and no bridge. Name another one.';
  return [finding({ ...about, found }, kind === 'bridge', true)];
}

const forwarding: Check = patient => {
  const [one] = tapsOf(patient).filter(({ tap }) => tap.nat || tap.proxy !== undefined || tap.dns !== undefined);
  const { isForwarding } = patient.facts;
  const about = { id: 'forwarding', title: 'IP forwarding', purpose: 'Hands packets of a tap on to the outside.' };
  const found = isForwarding ? 'It is on.' : 'It is off.';
  if (!one) return [finding({ ...about, found: `${found} Nothing needs it.` }, true, false)];
  const isThere = patient.facts.interfaces.has(one.tap.interface);
  const words = isThere ? found : `${found} It is switched on with the tap, and off again.`;
  return [finding({ ...about, found: words }, isForwarding || !isThere, true, asRoot(one, 'host-up', patient))];
};

/** The scripts may not be written yet. */
const asRoot = (one: SwitchTap, verb: string, patient: Patient): string =>
  command(one, `${verb} RUN_ROOT=${quote(patient.runRoot)}`, patient, 'sudo ');

function command({ name }: SwitchTap, verb: string, { of }: Patient, prefix = ''): string {
  if (!of) return '';
  const script = `${scriptFolder(of.path, of.lab)}/${switchScript(name)}`;
  return `kvmlab script ${quote(of.path)} && ${prefix}${quote(script)} ${verb}`;
}

export const tapChecks: readonly Check[] = [tun, groups, taps, forwarding];
