import * as vscode from 'vscode';
import { compose, type ExtensionApi } from './composition.ts';

/** Puts the parts together; they do their work when somebody asks for it. */
export function activate(context: vscode.ExtensionContext): ExtensionApi & { readonly activationMs: number } {
  const begin = performance.now();
  const log = vscode.window.createOutputChannel('KVM Lab', { log: true });
  const api = compose(context, log);
  context.subscriptions.push(log, api);
  const activationMs = performance.now() - begin;
  log.info(`Activated in ${activationMs.toFixed(1)} ms`);
  return { ...api, activationMs };
}
