import { z } from "zod";
import { configJsonSchema } from "../../src/command/check/config/schema.ts";
import { diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { resultSchema } from "../../src/record/result.ts";
import { resultsSchema } from "../../src/record/results.ts";

/** The package's JSON Schemas (draft 2020-12), schema/NAME.schema.json, each made from its zod schema. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  result: z.toJSONSchema(resultSchema),
  results: z.toJSONSchema(resultsSchema),
  diagnosis: z.toJSONSchema(diagnosisSchema),
  config: configJsonSchema(),
};

export const schemaText = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
