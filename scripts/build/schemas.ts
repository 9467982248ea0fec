import { z } from "zod";
import { configJsonSchema } from "../../src/command/check/config/schema.ts";
import { diagnosisSchema } from "../../src/diagnose/diagnosis.ts";
import { resultSchema } from "../../src/record/result.ts";
import { resultsSchema } from "../../src/record/results.ts";

/** The package's JSON Schemas (draft 2020-12), schema/NAME.schema.json, as text: of files as they are written, or given. */
export const schemas = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      config: configJsonSchema(),
      result: z.toJSONSchema(resultSchema),
      results: z.toJSONSchema(resultsSchema),
      diagnosis: z.toJSONSchema(diagnosisSchema),
    }).map(([name, schema]) => [name, `${JSON.stringify(schema, null, 2)}\n`]),
  );
