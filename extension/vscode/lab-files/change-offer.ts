import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import type { ChangePlan } from '../../runtime/change/change-plan.ts';
import { isLabFile } from './lab-files.ts';
import type { Services } from '../services.ts';

type OfferServices = Pick<Services, 'changes' | 'log' | 'report' | 'store'>;

/**
 * When a lab file of which something runs is saved, or one that it includes, offers to make what runs as the file says
 * now. What was offered before is not offered again, and a file with errors has its problems shown anyway.
 */
export class ChangeOffer implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly offered = new Map<string, string>();
  private readonly services: OfferServices;

  constructor(services: OfferServices) {
    this.services = services;
    this.owned.add(
      vscode.workspace.onDidSaveTextDocument(document => {
        const file = document.uri.fsPath;
        if (isLabFile(document)) void this.consider(file);
        else for (const lab of labsWith(services.store, file)) void this.consider(lab);
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async consider(path: string): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    try {
      const plan = await this.planOf(path);
      if (plan && this.isNews(plan)) await this.offer(plan);
    } catch (error) {
      this.services.report(error);
    }
  }

  /** Undefined: the file cannot be compared now, which its problems tell. */
  private async planOf(path: string): Promise<ChangePlan | undefined> {
    try {
      return await this.services.changes.plan(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.services.log.debug(error.message);
      return undefined;
    }
  }

  private isNews({ path, steps }: ChangePlan): boolean {
    const key = steps.map(step => step.words).join('\n');
    const isNews = key !== '' && key !== this.offered.get(path);
    this.offered.set(path, key);
    return isNews;
  }

  private async offer(plan: ChangePlan): Promise<void> {
    const { isChosen, offerWords, pickSteps, applySteps } = await import('./plan-room.ts');
    const chosen = plan.steps.filter(isChosen);
    const [show, apply, later] = ['Show Plan', 'Apply', 'Later'];
    const buttons = [show, ...(chosen.length > 0 ? [apply] : []), later];
    const answer = await vscode.window.showInformationMessage(offerWords(plan), ...buttons);
    if (answer === show) await pickSteps(this.services, plan);
    if (answer === apply) await applySteps(this.services, plan, chosen);
  }
}

/** The labs that include a file. */
const labsWith = ({ labs }: Services['store'], file: string): readonly string[] =>
  labs.flatMap(({ path, reading }) => (reading.included?.some(one => one.path === file) === true ? [path] : []));
