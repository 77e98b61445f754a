import * as vscode from 'vscode';
import { vmFiles } from '../../lab/layout.ts';
import { logFiles } from '../../runtime/console/console-marks.ts';
import {
  mostHits,
  patternOf,
  searchLogs,
  type LogHit,
  type SearchedLog,
  type SearchResult,
} from '../../runtime/console/console-search.ts';
import { baseName } from '../../runtime/paths.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

/** Looks through everything that the consoles of a lab ever printed, and opens the log at the place that is chosen. */
export async function searchConsoles(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs);
  const [thing] = await thingsOrPick(services, args, {
    title: 'Search the consoles of which lab?',
    list,
    canPickMany: false,
  });
  const lab = thing && services.store.lab(thing.lab)?.lab;
  const text = lab && (await askText(lab.name));
  if (!lab || !text) return;
  const names = thing.kind === 'vm' ? [thing.name] : lab.vms.map(vm => vm.name);
  const logs = names.flatMap(vm => logsOf(`${services.runDir(lab.name)}/${vmFiles(vm).consoleLog}`, vm));
  const result = await withProgress(`Searching the consoles of ${lab.name}`, (report, signal) =>
    searchLogs(services.logReader, logs, text, {
      signal,
      onProgress: bytes => report({ message: `${(bytes / 1_000_000).toFixed(0)} MB` }),
    }),
  );
  await choose(services, text, result);
}

const askText = (lab: string): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: `Search all consoles of ${lab}`,
    prompt: 'Text, or a regular expression as /error|fail/i. Capital letters make the case count.',
    validateInput: text => {
      try {
        patternOf(text);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });

const logsOf = (log: string, vm: string): readonly SearchedLog[] =>
  logFiles(log).map((path, index) => ({ path, label: index === 0 ? vm : `${vm}, older log ${index}` }));

interface HitItem extends vscode.QuickPickItem {
  readonly hit: LogHit;
}

/** The list stays while one looks at one place after another. */
async function choose(services: Services, text: string, { hits, isCut, bytes }: SearchResult): Promise<void> {
  if (hits.length === 0) {
    void vscode.window.showInformationMessage(`KVM Lab: "${text}" is nowhere in ${megabytes(bytes)} of console logs.`);
    return;
  }
  const pick = vscode.window.createQuickPick<HitItem>();
  pick.title = `"${text}": ${isCut ? `the first ${mostHits} places` : `${hits.length} places`} in ${megabytes(bytes)}`;
  pick.placeholder = 'Enter opens the log at the place; type to narrow the list';
  pick.matchOnDescription = true;
  pick.items = hits.map(hit => ({ label: hit.text.trim() || '(blank)', description: hit.log.label, hit }));
  await new Promise<void>(resolve => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      pick.hide();
      if (item)
        void services.logs.open(item.hit.log.path, item.hit.offset, baseName(item.hit.log.path)).catch(services.report);
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve();
    });
    pick.show();
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
