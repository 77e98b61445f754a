import { NearestName, shown } from '../../lab/names.ts';
import type { DiagramRoute } from '../diagram.ts';
import { ofOption, ofStatement, reportUnknown } from './attributes.ts';
import { applyToGroup, applyToNetwork } from './block-attributes.ts';
import { DraftDiagram } from './draft-diagram.ts';
import type { GroupDraft, NetworkDraft, NodeDraft, StyleDraft } from './drafts.ts';
import { applyNodeOptions, type NodeScope } from './node-attributes.ts';
import type { DiagReport } from './problem.ts';
import { applyToDiagram } from './settings.ts';
import type {
  ArrowStatement,
  BlockStatement,
  DiagSyntax,
  ExtensionStatement,
  NodeStatement,
  Option,
  PeerStatement,
  Statement,
} from './syntax.ts';
import { applyStyle, linesOf, notNwdiag, textOf } from './values.ts';

export interface Interpreted {
  readonly draft: DraftDiagram;
  readonly routes: readonly DiagramRoute[];
  readonly title: string | undefined;
}

/** Gives the statements their meaning, in nwdiag's order: at every level attributes and classes before all else. */
export function interpret(syntax: DiagSyntax, report: DiagReport): Interpreted {
  const interpreter = new Interpreter(syntax, report);
  interpreter.diagram(syntax.statements);
  const { draft, routes, title } = interpreter;
  return { draft, routes, title };
}

class Interpreter {
  readonly draft = new DraftDiagram();
  readonly routes: DiagramRoute[] = [];
  title: string | undefined;
  private readonly classes = new Map<string, readonly Option[]>();
  private readonly pluginAttributes = new Set<string>();
  private readonly scope: NodeScope;
  private readonly text: string;

  constructor({ text, dialect }: DiagSyntax, report: DiagReport) {
    const { classes, pluginAttributes } = this;
    this.text = text;
    this.scope = { report, dialect, nearest: new NearestName(), classes, pluginAttributes };
  }

  diagram(statements: readonly Statement[]): void {
    for (const statement of statements) this.preparation(statement);
    for (const statement of statements) {
      if (statement.kind === 'network' || statement.kind === 'route') this.network(statement);
      else if (statement.kind === 'group') this.group(statement, undefined);
      else if (statement.kind === 'node') this.node(statement, undefined, undefined);
      else if (statement.kind === 'peer') this.peers(statement);
    }
  }

  private preparation(statement: Statement): void {
    if (statement.kind === 'attribute') applyToDiagram(this.scope, this.draft.defaults, ofStatement(statement));
    else if (statement.kind === 'class') this.classes.set(statement.id.value, statement.options);
    else if (statement.kind === 'plugin') this.plugin(statement);
    else if (statement.kind === 'directive') {
      const title = /^title[ \t\r\n]+(.*?)(?:\s*end title)?$/s.exec(statement.text)?.[1];
      this.title = title === undefined ? this.title : linesOf(title.replace(/^"(.*)"$/s, '$1'));
    }
  }

  private plugin({ id, options }: ExtensionStatement): void {
    if (id.value === 'autoclass') this.draft.defaults.isAutoclass = true;
    else if (id.value === 'attributes') for (const { name } of options) this.pluginAttributes.add(name.value);
    else {
      const message = `nwdiag stops here unless its plugin "${shown(id.value)}" is installed. It is left out.`;
      this.scope.report('not-nwdiag', id.span, message, 'warning');
    }
  }

  /** A route without arrows is a network to nwdiag. */
  private network(block: BlockStatement): void {
    if (block.kind === 'route' && this.isRoute(block)) {
      this.route(block);
      return;
    }
    const network = this.draft.network(block.id, block.span);
    if (block.kind === 'route') {
      const message = 'A route has arrows: "a -> b". Without one nwdiag takes this block for a network.';
      this.scope.report('nwdiag-defect', block.headSpan, message, 'warning');
    } else this.reopen(network, block);
    network.nwdiagLabel = this.labelOf(block);
    for (const one of block.body) if (one.kind === 'attribute') applyToNetwork(this.scope, network, ofStatement(one));
    for (const one of block.body) {
      if (one.kind === 'node') this.node(one, network, undefined);
      else if (one.kind === 'group') this.group(one, network);
      else if (one.kind === 'peer') this.peers(one);
    }
  }

  /** nwdiag gives a network that is opened again its id as its label. */
  private reopen(network: NetworkDraft, { span, headSpan, body, id }: BlockStatement): void {
    const isSame = network.span === span;
    const hasLabel = body.some(one => one.kind === 'attribute' && one.name.value === 'label');
    if (isSame || hasLabel || network.label === id?.value || this.scope.dialect === 'plantuml') return;
    const message = `nwdiag forgets the label of network ${shown(id?.value ?? '')} when it is opened again. Repeat it here.`;
    this.scope.report('nwdiag-defect', headSpan, message, 'warning');
  }

  /** nwdiag shows an id that stands in for a label as it is written, with its quotes; undefined: the label that is given. */
  private labelOf({ id, body }: BlockStatement): string | undefined {
    const isGiven = body.some(one => one.kind === 'attribute' && one.name.value === 'label');
    return isGiven || !id ? undefined : this.text.slice(id.span.start, id.span.end);
  }

  private isRoute({ body }: BlockStatement): boolean {
    return body.some(one => one.kind === 'arrow') || body.length === 0;
  }

  private route({ body, id, headSpan }: BlockStatement): void {
    notNwdiag(this.scope, headSpan, 'Only a fork of nwdiag draws routes; nwdiag 3 stops here.');
    for (const one of body) {
      if (one.kind === 'arrow') this.arrow(one, id?.value);
      else if (one.kind === 'node') {
        const message = `${shown(one.id.value)} goes nowhere. A route is "a -> b".`;
        this.scope.report('no-effect', one.span, message, 'warning');
      }
    }
  }

  private arrow({ ids, options, span }: ArrowStatement, label: string | undefined): void {
    const style: StyleDraft = {};
    for (const attribute of options.map(ofOption)) {
      if (attribute.name === 'label') label = linesOf(textOf(attribute));
      else if (!applyStyle(this.scope, style, attribute)) reportUnknown(this.scope, 'route', attribute);
    }
    for (const id of ids) this.draft.node(id, span);
    this.routes.push({ label, path: ids.map(id => id.value), style, span });
  }

  private group(block: BlockStatement, network: NetworkDraft | undefined): void {
    const group = this.draft.group(block.id, block.span);
    for (const one of block.body) if (one.kind === 'attribute') applyToGroup(this.scope, group, ofStatement(one));
    for (const one of block.body) {
      if (one.kind === 'node') this.node(one, network, group);
      else if (one.kind === 'peer') this.peers(one);
    }
  }

  private node(
    { id, options, span }: NodeStatement,
    network: NetworkDraft | undefined,
    group: GroupDraft | undefined,
  ): void {
    const node = this.mention(id, span);
    const link = network && this.draft.link(node, network, span);
    applyNodeOptions(this.scope, node, options, link);
    if (!group) return;
    if (!node.group || node.group === group) {
      node.group = group;
      group.nodes.add(node);
      return;
    }
    const name = node.group.id === undefined ? 'another group' : `group ${shown(node.group.id)}`;
    const message = `${shown(id.value)} is in ${name} already. A node is in one group at most: take it out of one.`;
    this.scope.report('node-in-two-groups', id.span, message);
  }

  /** With `plugin autoclass` the end of a new node's id may name its class. */
  private mention(id: NodeStatement['id'], span: NodeStatement['span']): NodeDraft {
    const before = this.draft.nodes.length;
    const node = this.draft.node(id, span);
    if (!this.draft.defaults.isAutoclass || this.draft.nodes.length === before) return node;
    const [, label, name = ''] = /^(.+)_([^_]+)$/s.exec(id.value) ?? [];
    const options = this.classes.get(name);
    if (label === undefined || !options) return node;
    node.label = label;
    applyNodeOptions(this.scope, node, options, undefined);
    return node;
  }

  private peers({ ids, options, span }: PeerStatement): void {
    const nodes = ids.map(id => this.mention(id, span));
    const [first] = nodes;
    if (first?.networks.length === 0) this.draft.hidden([first], span);
    nodes.slice(1).forEach((right, index) => {
      const left = nodes[index];
      if (left) this.peer(left, right, options, span);
    });
  }

  private peer(left: NodeDraft, right: NodeDraft, options: readonly Option[], span: PeerStatement['span']): void {
    if (left === right) {
      const message = `${shown(left.id)} is connected to itself. Name another node on one side of the "--".`;
      this.scope.report('self-peer', span, message);
      return;
    }
    const network = this.draft.peers(left, right, span);
    // nwdiag gives the attributes to the node on the right.
    if (network) applyNodeOptions(this.scope, right, options, network.links.get(right));
  }
}
