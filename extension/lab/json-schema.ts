import * as z from 'zod';
import { labSchema } from './schema.ts';

/** JSON Schema of the lab file, for YAML tools. Draft 7 is what most of them know. */
export function labJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(labSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any', override: keepDefault }),
    title: 'KVM Lab',
    description: 'A lab: VMs, the switches that they plug into, and the wires between switches.',
  };
}

/** The converter drops the default of every key whose value the reader changes (`512` of memory becomes `512M`). */
function keepDefault(context: {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { zodSchema, jsonSchema } = context;
  const meta = z.globalRegistry.get(zodSchema);
  if (meta?.['default'] !== undefined) jsonSchema.default = meta['default'];
}
