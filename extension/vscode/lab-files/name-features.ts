import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { colouredKinds } from '../../language/colours.ts';
import { languageId, partLanguageId } from '../commands.ts';
import { setting } from '../settings.ts';
import type { NameParts } from './names/name-parts.ts';

const loadRoom = () => import('./names-room.ts');

const lab = { language: languageId, scheme: 'file' } as const;
const part = { language: partLanguageId, scheme: 'file' } as const;
/** Lab files, and what they include. */
const both = [lab, part];
const script = { language: 'shellscript', scheme: 'file' } as const;

/**
 * Definitions, references, rename, outline, folding, colours, format and links of lab files and what they include,
 * hints in lab files, and the way from scripts back to them. Only reads; a rename or a format changes what the user asked for.
 */
export function offerNames(parts: NameParts): Disposable {
  const owned = new DisposableStore();
  for (const provider of [...placeProviders(parts), ...formProviders(parts)]) owned.add(provider);
  owned.add(offerHints(parts));
  return owned;
}

const { languages } = vscode;

const placeProviders = (parts: NameParts): readonly Disposable[] => [
  languages.registerDefinitionProvider(both, {
    provideDefinition: async (document, position) => (await loadRoom()).definitionsAt(parts, document, position),
  }),
  languages.registerDefinitionProvider(script, {
    provideDefinition: async (document, position) => (await loadRoom()).labPlacesOf(parts, document, position),
  }),
  languages.registerImplementationProvider(both, {
    provideImplementation: async (document, position) => (await loadRoom()).scriptsAt(parts, document, position),
  }),
  languages.registerReferenceProvider(both, {
    provideReferences: async (document, position, { includeDeclaration }) =>
      (await loadRoom()).referencesAt(parts, document, position, includeDeclaration),
  }),
  languages.registerDocumentHighlightProvider(both, {
    provideDocumentHighlights: async (document, position) => (await loadRoom()).highlightsAt(document, position),
  }),
  languages.registerRenameProvider(both, {
    prepareRename: async (document, position) => (await loadRoom()).renameTarget(parts, document, position),
    provideRenameEdits: async (document, position, to) => (await loadRoom()).renameEdit(parts, document, position, to),
  }),
  languages.registerWorkspaceSymbolProvider({
    provideWorkspaceSymbols: async query => (await loadRoom()).symbolsOf(parts, query),
  }),
];

function formProviders(parts: NameParts): readonly Disposable[] {
  const legend = new vscode.SemanticTokensLegend([...colouredKinds], ['definition']);
  return [
    languages.registerDocumentSymbolProvider(both, {
      provideDocumentSymbols: async document => (await loadRoom()).outlineOf(document),
    }),
    languages.registerFoldingRangeProvider(both, {
      provideFoldingRanges: async document => (await loadRoom()).foldsOf(document),
    }),
    languages.registerDocumentSemanticTokensProvider(
      both,
      { provideDocumentSemanticTokens: async document => (await loadRoom()).coloursOf(document) },
      legend,
    ),
    languages.registerDocumentRangeSemanticTokensProvider(
      both,
      { provideDocumentRangeSemanticTokens: async (document, range) => (await loadRoom()).coloursOf(document, range) },
      legend,
    ),
    languages.registerDocumentFormattingEditProvider(both, {
      provideDocumentFormattingEdits: async document => (await loadRoom()).formatOf(document),
    }),
    languages.registerDocumentRangeFormattingEditProvider(both, {
      provideDocumentRangeFormattingEdits: async (document, range) => (await loadRoom()).formatOf(document, range),
    }),
    languages.registerDocumentLinkProvider(both, {
      provideDocumentLinks: async document => (await loadRoom()).linksOf(parts, document),
    }),
  ];
}

/** Off until the setting says otherwise. */
function offerHints(parts: NameParts): Disposable {
  const owned = new DisposableStore();
  const changed = owned.add(new vscode.EventEmitter<void>());
  owned.add(
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('kvmlab.inlayHints')) changed.fire();
    }),
  );
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    provideInlayHints: async (document, range, token) =>
      setting('inlayHints') ? (await loadRoom()).hintsOf(parts, document, range, token) : [],
  };
  owned.add(languages.registerInlayHintsProvider(lab, provider));
  return owned;
}
