import { z } from "zod";
import { diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { resultSchema } from "../../src/record/result.ts";

/** The package's JSON Schemas, schema/NAME.schema.json, each with the zod schema that it is made from. */
export const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  result: resultSchema,
  diagnosis: diagnosisSchema,
};

/** The JSON Schema (draft 2020-12) of a file as it is written. */
export const schemaText = (schema: z.ZodType): string => `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`;
