import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import { QmpRefusal, type QmpQuery } from '../../extension/qemu/qmp.ts';
import type { QmpDialer } from '../../extension/runtime/host.ts';

interface Args {
  readonly id?: string;
  readonly driver?: string;
  readonly bus?: string;
  readonly 'node-name'?: string;
  readonly file?: { readonly filename: string };
}

/** A VM that takes USB sticks, with the refusals of QEMU 7.2. Every socket is its own. */
export class FakeUsbVm implements QmpDialer {
  /** Image by node. */
  readonly nodes = new Map<string, string>();
  readonly devices = new Set<string>();
  /** Devices that the guest holds. */
  readonly locked = new Set<string>();
  /** Images that another VM has. */
  readonly elsewhere = new Set<string>();
  readonly asked: string[] = [];
  hasController = false;
  takesController = true;
  hasOtherBus = false;
  /** How often a node is told to be in use after its device has gone. */
  busyFor = 0;

  ask<T>(_socket: string, { execute, args, read }: QmpQuery<T>): Promise<T> {
    this.asked.push(execute);
    return Promise.resolve().then(() => read(this.answer(execute, args ?? {})));
  }

  watch(): Disposable {
    return disposable(() => undefined);
  }

  private answer(execute: string, args: Args): unknown {
    const node = args['node-name'] ?? '';
    if (execute === 'query-block') return [...this.devices].map(id => this.block(id));
    if (execute === 'query-named-block-nodes')
      return [...this.nodes.keys(), '#block1'].map(name => ({ 'node-name': name }));
    if (execute === 'blockdev-add') this.nodes.set(node, args.file?.filename ?? '');
    if (execute === 'blockdev-del') this.close(node);
    if (execute === 'device_add') this.add(args);
    if (execute === 'device_del') this.devices.delete(args.id ?? '');
    return {};
  }

  private block(id: string): unknown {
    const inserted = { file: this.nodes.get(id), 'node-name': id };
    return { device: '', qdev: `/machine/peripheral/${id}/${id}.0/legacy[0]`, locked: this.locked.has(id), inserted };
  }

  private close(node: string): void {
    if (!this.nodes.has(node)) throw new QmpRefusal(`Failed to find node with node-name='${node}'`);
    if (this.devices.has(node) || this.busyFor-- > 0) throw new QmpRefusal(`Node ${node} is in use`);
    this.nodes.delete(node);
  }

  private add({ driver, id = '', bus }: Args): void {
    if (driver === 'qemu-xhci') {
      if (!this.takesController) throw new QmpRefusal("Bus 'pcie.0' does not support hotplugging");
      this.hasController = true;
      return;
    }
    if (bus !== undefined && !this.hasController) throw new QmpRefusal(`Bus '${bus}' not found`);
    if (!this.hasController && !this.hasOtherBus)
      throw new QmpRefusal("No 'usb-bus' bus found for device 'usb-storage'");
    if (this.elsewhere.has(this.nodes.get(id) ?? '')) throw new QmpRefusal('Failed to get "write" lock');
    this.devices.add(id);
  }
}
