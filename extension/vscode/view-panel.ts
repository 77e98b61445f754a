import * as vscode from 'vscode';
import { viewHtml } from './view-html.ts';

export interface ViewParts {
  /** Of its script and style in dist/webview, and of its icons in extension/media. */
  readonly name: string;
  readonly title: string;
  readonly extensionUri: vscode.Uri;
  /** Gives something that nobody can guess. */
  readonly nonce: () => string;
  /** Where pictures may come from. */
  readonly images?: string;
}

/** Gives a tab its icon and its page; its script runs from here on. Listen to it before. */
export function fillPanel(panel: vscode.WebviewPanel, { name, title, extensionUri, nonce, images }: ViewParts): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist/webview');
  const media = vscode.Uri.joinPath(extensionUri, 'extension/media');
  const file = (ending: string): string =>
    panel.webview.asWebviewUri(vscode.Uri.joinPath(folder, `${name}.${ending}`)).toString();
  panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
  panel.iconPath = {
    light: vscode.Uri.joinPath(media, `${name}-light.svg`),
    dark: vscode.Uri.joinPath(media, `${name}-dark.svg`),
  };
  panel.webview.html = viewHtml({
    title,
    script: file('js'),
    style: file('css'),
    source: panel.webview.cspSource,
    nonce: nonce(),
    ...(images === undefined ? {} : { images }),
  });
}
