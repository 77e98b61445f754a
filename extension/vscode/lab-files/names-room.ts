/** What answers VS Code's questions about names, places and the form of lab files; loaded with the first of them. */
export { definitionsAt, highlightsAt, labPlacesOf, referencesAt, scriptsAt } from './names/places.ts';
export { hintsOf, linksOf, symbolsOf } from './names/live-names.ts';
export { renameEdit, renameTarget, renameWithFiles } from './names/rename.ts';
export { coloursOf, foldsOf, formatOf, outlineOf } from './names/structure.ts';
