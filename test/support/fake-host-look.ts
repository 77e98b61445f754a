import type { HostFacts, HostLook, HostQuestion } from '../../extension/runtime/doctor-ports.ts';

/** A host that has everything, unless a test says otherwise. */
export class FakeHostLook implements HostLook {
  facts: Partial<HostFacts> = {};
  /** Programs that are not installed. */
  readonly missing = new Set<string>();
  readonly questions: HostQuestion[] = [];

  look(question: HostQuestion): Promise<HostFacts> {
    this.questions.push(question);
    return Promise.resolve({
      programs: new Set(question.programs.filter(program => !this.missing.has(program))),
      kvm: 'works',
      user: { name: 'ada', isRoot: false },
      groups: new Map(question.groups.map(name => [name, true])),
      tun: 'there',
      interfaces: new Map([['lo', 'other']]),
      isForwarding: false,
      listeners: [],
      memory: { totalMb: 8192, availableMb: 4096 },
      cpus: 4,
      freeBytes: new Map(question.folders.map(folder => [folder, 50 * 1024 ** 3])),
      runRoot: 'there',
      ...this.facts,
    });
  }
}
