import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test as plainTest } from "node:test";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { z } from "zod";
import { ROOT } from "../../src/run/root.ts";
import { inspect, test } from "../scenarios/k6.ts";

const text = await readFile(join(ROOT, "deploy/k6-operator/test-run.yaml"), "utf8");
const manifest = () => parse(text) as Manifest;

/** What of a TestRun this manifest uses; strict, as kubectl is: a field that is not in the operator's schema is refused. */
const testRun = z.strictObject({
  apiVersion: z.literal("k6.io/v1alpha1"),
  kind: z.literal("TestRun"),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    parallelism: z.int().min(1),
    script: z.strictObject({ configMap: z.strictObject({ name: z.string(), file: z.string() }) }),
    args: z.array(z.string()),
    runner: z.strictObject({
      image: z.string(),
      env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    }),
  }),
});
type Manifest = z.infer<typeof testRun>;

const WRONG: [what: string, spoil: (spec: Record<string, unknown>) => void][] = [
  ["a misspelt field", (spec) => Object.assign(spec, { paralelism: 2 })],
  ["a number as text", (spec) => Object.assign(spec, { parallelism: "2" })],
  ["arguments in a text", (spec) => Object.assign(spec, { args: "-e USERS=20" })],
  ["no script", (spec) => delete spec.script],
  ["a variable's value that is no text", (spec) => Object.assign(spec, { runner: { env: [{ name: "A", value: 1 }] } })],
];

plainTest("The TestRun holds what its kind takes, and nothing else; spoilt, it does not.", () => {
  holds((value) => testRun.safeParse(value).success);
});

const CRD = process.env.ALB502_K6_OPERATOR_CRD;
const skip = CRD
  ? false
  : "ALB502_K6_OPERATOR_CRD names no file: config/crd/bases/k6.io_testruns.yaml of grafana/k6-operator v1.6.0";

plainTest("The TestRun is valid by the operator's published schema; spoilt, it is not.", { skip }, async () => {
  const published = await readFile(CRD!);
  // The file at the tag v1.6.0 (commit cf0ae21f4e26b0dd0f99d763ae72e063b4384f2a).
  assert.equal(
    createHash("sha256").update(published).digest("hex"),
    "d4df597bb94d210bcb9368dd4faf81da25c08194e240da98e4df8887563be185",
  );
  const { spec } = parse(published.toString()) as { spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } };
  // It has keywords (x-kubernetes-...) and formats (int32) that are Kubernetes' own.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  holds(ajv.compile(closed(spec.versions[0]!.schema.openAPIV3Schema)) as (value: unknown) => boolean);
});

test("Its arguments are what k6 makes a run of: so many users, enough for a user in each runner.", async () => {
  const { spec } = manifest();
  const variables = spec.args.filter((arg) => arg !== "-e").map((arg) => arg.split("=", 2) as [string, string]);
  assert.deepEqual(spec.args.filter((arg) => arg === "-e").length, variables.length);
  assert.equal(spec.script.configMap.file, "aimed.js");
  const { scenarios } = (await inspect("aimed", Object.fromEntries(variables))) as {
    scenarios: { aimed: { vus: number; iterations: number } };
  };
  assert.deepEqual([scenarios.aimed.vus, scenarios.aimed.iterations], [20, 10]);
  assert.ok(spec.parallelism <= scenarios.aimed.vus);
});

plainTest(
  "The line that makes its ConfigMap, there and in docs/k6.md, is of the name and the file that it asks for.",
  async () => {
    const { name, file } = manifest().spec.script.configMap;
    const line = `kubectl create configmap ${name} --from-file=dist/${file}`;
    assert.ok(text.includes(line));
    assert.ok((await readFile(join(ROOT, "docs/k6.md"), "utf8")).includes(line));
  },
);

function holds(isValid: (value: unknown) => boolean): void {
  assert.equal(isValid(manifest()), true);
  for (const [what, spoil] of WRONG) {
    const { spec, ...rest } = manifest();
    spoil(spec);
    assert.equal(isValid({ ...rest, spec }), false, what);
  }
}

type Schema = { [keyword: string]: unknown; properties?: Record<string, Schema> };

/** Refuses unknown fields, as kubectl has the API server do (--validate=strict, its default); the schema alone lets them be. */
function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties } = schema as Schema & { items?: Schema };
  return {
    ...schema,
    ...(items && { items: closed(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, closed(one)])),
      ...(additionalProperties === undefined && { additionalProperties: false }),
    }),
  };
}
