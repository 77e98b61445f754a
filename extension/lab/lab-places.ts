import { SchemaPlaces } from './schema-places.ts';
import { diskKeys, labSchema, nicKeys, tapKeys, vmKeys, wireKeys } from './schema.ts';

/** What the schema says of the places of a lab file. */
export const labPlaces = new SchemaPlaces(labSchema, [
  vmKeys.id,
  nicKeys.switch,
  diskKeys.file,
  wireKeys.between,
  tapKeys.interface,
]);
