import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import { QmpRefusal, type QmpQuery } from '../../extension/qemu/qmp.ts';
import type { QmpDialer } from '../../extension/runtime/host.ts';

type Arguments = Readonly<Record<string, string | number | boolean | undefined>>;

/** The network of one VM in memory: hubs, plugs and cards, in the words and with the refusals of QEMU 7.2. */
export class FakeNicVm implements QmpDialer {
  /** Every order, in short: `netdev_add open1`, `set_link card1 false`. */
  readonly orders: string[] = [];
  /** By ID, with the place that `info network` shows. */
  readonly netdevs = new Map<string, string>();
  readonly cards = new Map<string, { readonly model: string; readonly mac: string }>();
  /** The guest lets go of a card when it is asked to. */
  isWilling = true;
  /** What QEMU refuses, by the first words of the order, and in which words. */
  readonly refusals = new Map<string, string>();

  /** A NIC as a script starts it. */
  nic(number: number, address: string, model = 'virtio-net-pci'): this {
    this.cards.set(`card${number}`, { model, mac: `52:54:00:00:00:0${number}` });
    for (const id of [`nic${number}`, `plug${number}`]) this.netdevs.set(id, '');
    this.netdevs.set(`vde${number}`, address);
    return this;
  }

  ask<T>(_socket: string, { execute, args = {}, read }: QmpQuery<T>): Promise<T> {
    return Promise.resolve().then(() => read(this.answer(execute, args as Arguments)));
  }

  watch(): Disposable {
    return disposable(() => undefined);
  }

  private answer(execute: string, args: Arguments): unknown {
    if (execute === 'human-monitor-command') return this.infoNetwork();
    if (execute === 'qom-get') return this.cards.get(String(args['path']).split('/').at(-1) ?? '')?.mac;
    const id = String(args['id'] ?? args['name']);
    const order = [execute, id, ...(execute === 'set_link' ? [String(args['up'])] : [])].join(' ');
    this.orders.push(order);
    const refusal = this.refusals.get(order) ?? this.refusalOf(execute, id);
    if (refusal !== undefined) throw new QmpRefusal(refusal);
    this.change(execute, id, args);
    return {};
  }

  private refusalOf(execute: string, id: string): string | undefined {
    if (execute === 'netdev_add' && this.netdevs.has(id)) return `Duplicate ID '${id}' for netdev`;
    const isThere = execute === 'netdev_del' ? this.netdevs.has(id) : this.cards.has(id);
    return /_del$|^set_link$/.test(execute) && !isThere ? `Device '${id}' not found` : undefined;
  }

  private change(execute: string, id: string, args: Arguments): void {
    if (execute === 'netdev_add') this.netdevs.set(id, String(args['sock'] ?? ''));
    if (execute === 'netdev_del') this.netdevs.delete(id);
    if (execute === 'device_add') this.cards.set(id, { model: String(args['driver']), mac: String(args['mac']) });
    if (execute === 'device_del' && this.isWilling) this.cards.delete(id);
  }

  private infoNetwork(): string {
    const hubs = new Map<string, string[]>();
    for (const id of this.netdevs.keys()) {
      const [, part = '', number = ''] = /^(\D+)(\d+)$/.exec(id) ?? [];
      if (part !== 'vde') hubs.set(number, [...(hubs.get(number) ?? []), ` \\ ${id}${this.behind(part, number)}`]);
    }
    return [...hubs].map(([hub, lines]) => `hub ${hub}\r\n${lines.join('\r\n')}\r\n`).join('');
  }

  private behind(part: string, number: string): string {
    const [card, address] = [this.cards.get(`card${number}`), this.netdevs.get(`vde${number}`)];
    if (part === 'nic' && card) return `: card${number}: index=0,type=nic,model=${card.model},macaddr=${card.mac}`;
    if (part === 'plug' && address !== undefined) return `: vde${number}: index=0,type=vde,sock=${address},fd=14`;
    return '';
  }
}
