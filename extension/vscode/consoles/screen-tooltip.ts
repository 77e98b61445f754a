import * as vscode from 'vscode';
import type { TreeNode } from '../../runtime/views/tree-node.ts';
import type { VmScreens } from '../../runtime/display/vm-screen.ts';

/** The row of a VM that runs and has a display: its tooltip shows the screen. */
export const hasScreen = (node: TreeNode): boolean =>
  node.thing?.kind === 'vm' && node.children.some(child => child.contextValue === 'display.on');

/** The tooltip of such a row, with a small picture of this moment. Nothing of the VM's is markup. */
export async function screenTooltip(node: TreeNode, screens: VmScreens): Promise<vscode.MarkdownString> {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(node.tooltip);
  if (!node.thing) return tooltip;
  try {
    const picture = await screens.thumbnail(node.thing);
    tooltip.appendMarkdown(`\n\n![Screen of the VM](data:image/png;base64,${picture})`);
  } catch (error) {
    tooltip.appendText(`\nNo picture of the screen: ${error instanceof Error ? error.message : String(error)}`);
  }
  return tooltip;
}
