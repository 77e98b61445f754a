import {
  defaultSettings,
  type Diagram,
  type DiagramGroup,
  type DiagramLink,
  type DiagramNetwork,
  type DiagramNode,
} from '../diagram.ts';
import { IdWriter, type WriteDialect, type Writing } from './dialects.ts';
import { Losses } from './losses.ts';
import { networkOptions, peerDefaults, writeGroup } from './write-blocks.ts';
import { nodeOptions, option, type WrittenOption } from './write-node.ts';
import { linksOf, planText, type WritePlan, type WriteStep } from './write-plan.ts';

export interface WrittenDiag {
  readonly text: string;
  /** What the dialect cannot say: one sentence each. */
  readonly losses: readonly string[];
}

/** A diagram as text that the dialect's program accepts, and from which `readDiag` makes the same diagram again, but for the losses. */
export function writeDiag(diagram: Diagram, dialect: WriteDialect): WrittenDiag {
  const losses = new Losses();
  const plan = planText(diagram, losses);
  const lines = new DiagWriter(diagram, plan, { dialect, losses }).lines();
  const isPlantuml = dialect === 'plantuml';
  const text = isPlantuml ? ['@startuml', ...lines, '@enduml'] : lines;
  return { text: `${text.join('\n')}\n`, losses: losses.lines() };
}

class DiagWriter {
  private readonly diagram: Diagram;
  private readonly plan: WritePlan;
  private readonly writing: Writing;
  private readonly nodes: ReadonlyMap<string, DiagramNode>;
  private readonly nodeIds: IdWriter;
  private readonly networkIds: IdWriter;
  private readonly groupIds: IdWriter;
  /** Nodes whose attributes have been written. */
  private readonly declared = new Set<string>();

  constructor(diagram: Diagram, plan: WritePlan, writing: Writing) {
    this.diagram = diagram;
    this.plan = plan;
    this.writing = writing;
    this.nodes = new Map(plan.nodes.map(node => [node.id, node]));
    const named = (list: readonly { readonly id: string; readonly isAnonymous?: boolean }[]): IdWriter =>
      new IdWriter(
        list.filter(one => one.isAnonymous !== true).map(one => one.id),
        writing,
      );
    this.nodeIds = named(plan.nodes);
    this.networkIds = named(diagram.networks);
    this.groupIds = named(diagram.groups);
  }

  lines(): readonly string[] {
    const { plan } = this;
    const declarations = plan.needsDeclarations ? plan.nodes.flatMap(node => this.declaration(node.id)) : [];
    const blocks = [
      ...this.settings(),
      ...declarations,
      ...this.diagram.groups.flatMap(group => this.group(group)),
      ...plan.steps.flatMap(step => this.step(step)),
    ];
    if (this.diagram.routes.length > 0) this.writing.losses.add('routes, which only a fork of nwdiag draws');
    return ['nwdiag {', ...blocks.map(line => `  ${line}`), '}'];
  }

  private settings(): readonly string[] {
    const { settings } = this.diagram;
    const { dialect, losses } = this.writing;
    const title =
      settings.title === undefined || dialect !== 'plantuml'
        ? []
        : [option('title', settings.title, this.writing).replace(/^title = "(.*)"$/, 'title $1')];
    if (settings.title !== undefined && dialect !== 'plantuml') losses.add('the title');
    const sizes = [
      ['node_width', settings.nodeWidth, defaultSettings.nodeWidth],
      ['node_height', settings.nodeHeight, defaultSettings.nodeHeight],
      ['span_width', settings.spanWidth, defaultSettings.spanWidth],
      ['span_height', settings.spanHeight, defaultSettings.spanHeight],
      ['default_fontsize', settings.fontSize, defaultSettings.fontSize],
    ] as const;
    const lines = sizes.filter(([, value, usual]) => value !== usual).map(([name, value]) => `${name} = ${value};`);
    if (!settings.hasExternalConnector) lines.push('external_connector = none;');
    lines.push(...peerDefaults(this.diagram, this.writing));
    if (dialect === 'nwdiag') return lines;
    for (const line of lines) losses.add(`"${line.slice(0, -1)}", as PlantUML stops at such settings`);
    return title;
  }

  /** A node's own line, outside of all blocks. */
  private declaration(id: string): readonly string[] {
    const node = this.nodes.get(id);
    if (!node || this.declared.has(id)) return [];
    this.declared.add(id);
    const written = this.nodeIds.of(id);
    const addresses = this.writing.dialect === 'plantuml' ? this.peerAddress(id) : [];
    return [`${written}${inBrackets([...addresses, ...nodeOptions(node, written, this.writing)])};`];
  }

  /** PlantUML shows the address of a node's own line where it is a peer. */
  private peerAddress(id: string): readonly WrittenOption[] {
    const own = this.addressesAsPeer(id);
    const [first] = own;
    if (first !== undefined && first !== '' && own.every(one => one === first))
      return [option('address', first, this.writing)];
    if (own.some(one => one !== '')) this.writing.losses.add('addresses of peers that differ', id);
    return [];
  }

  /** A node that a network declares has no line of its own that could tell its address as a peer. */
  private losePeerAddress(id: string): void {
    if (this.writing.dialect === 'plantuml' && this.addressesAsPeer(id).some(one => one !== ''))
      this.writing.losses.add('the address of a peer', id);
  }

  private addressesAsPeer(id: string): readonly string[] {
    return this.plan.steps
      .filter(step => step.kind === 'peer')
      .flatMap(step => linksOf(step).filter(link => link.node === id))
      .map(link => link.addresses.join(', '));
  }

  private group({ id, isAnonymous, ...group }: DiagramGroup): readonly string[] {
    const members = group.nodes.filter(node => this.nodes.has(node));
    if (members.length === 0) return [];
    const head = isAnonymous === true ? 'group' : `group ${this.groupIds.of(id)}`;
    const { order, options } = writeGroup({ ...group, id }, members, this.plan.networkCount, this.writing);
    return block(
      head,
      options,
      order.map(node => `${this.nodeIds.of(node)};`),
    );
  }

  private step(step: WriteStep): readonly string[] {
    return step.kind === 'network' ? this.network(step.network, step.links) : this.peer(step);
  }

  private network(network: DiagramNetwork, links: readonly DiagramLink[]): readonly string[] {
    const id = this.networkIds.of(network.id);
    const head = network.isAnonymous === true ? 'network' : `network ${id}`;
    return block(
      head,
      networkOptions(network, id, this.writing),
      links.map(link => this.member(link)),
    );
  }

  /** A node in a network: its address, and what it is if that was not said before. */
  private member({ node: id, addresses }: DiagramLink): string {
    const written = this.nodeIds.of(id);
    const node = this.declared.has(id) ? undefined : this.nodes.get(id);
    this.declared.add(id);
    if (node) this.losePeerAddress(id);
    const address = addresses.length === 0 ? [] : [option('address', addresses.join(', '), this.writing)];
    return `${written}${inBrackets([...address, ...(node ? nodeOptions(node, written, this.writing) : [])])};`;
  }

  /** Both ends are declared before, as PlantUML takes an unknown name in a first peer for a network. */
  private peer({ left, right }: Extract<WriteStep, { kind: 'peer' }>): readonly string[] {
    const { dialect, losses } = this.writing;
    const before = [left, right].flatMap(link => this.declaration(link.node));
    const isSaid = dialect === 'plantuml';
    if (!isSaid && left.addresses.length > 0) losses.add('the address on the left of a peer', left.node);
    const hasOption = right.addresses.length > 0 && dialect === 'nwdiag';
    if (right.addresses.length > 0 && dialect === 'portable') losses.add('the address of a peer', right.node);
    const options = hasOption ? inBrackets([option('address', right.addresses.join(', '), this.writing)]) : '';
    return [...before, `${this.nodeIds.of(left.node)} -- ${this.nodeIds.of(right.node)}${options};`];
  }
}

const block = (head: string, options: readonly WrittenOption[], members: readonly string[]): readonly string[] => [
  `${head} {`,
  ...options.map(line => `  ${line};`),
  ...members.map(line => `  ${line}`),
  '}',
];

const inBrackets = (options: readonly WrittenOption[]): string =>
  options.length === 0 ? '' : ` [${options.join(', ')}]`;
