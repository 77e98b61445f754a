/** What lab files are read with beyond the check of one: parsers, most of all. Loaded with the first one. */
export { checkWorkspace } from '../../lab/checks/workspace-checks.ts';
export { YamlPieces } from '../../lab/reading/yaml-pieces.ts';
