import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { resultSchema } from "../../src/record/result.ts";
import { exampleResult } from "../report/example.ts";

test("A full result passes through JSON and its schema unchanged: no field is unknown to the schema.", () => {
  const result = exampleResult();
  assert.deepEqual(resultSchema.parse(JSON.parse(JSON.stringify(result))), result);
});

test("Another schema's name, a share above 1, a count that is not a number and a run without a reason are refused.", () => {
  const good = exampleResult();
  const [before] = good.runs;
  for (const wrong of [
    { ...good, schema: "alb502/result/2" },
    { ...good, comparison: { fisherP: 1.5 } },
    { ...good, runs: [{ ...before, attempts: Number.NaN }] },
    { ...good, runs: [{ ...before, reasons: [] }] },
    { ...good, startedAt: "yesterday" },
  ]) {
    assert.equal(resultSchema.safeParse(wrong).success, false);
  }
});

test("docs/result.md explains every field of the schema, and no other.", () => {
  const documentation = readFileSync(new URL("../../docs/result.md", import.meta.url), "utf8");
  const documented = [...documentation.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path!);
  assert.deepEqual(documented.toSorted(), pathsOf(z.toJSONSchema(resultSchema) as Shape).toSorted());
});

interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
}

/** "runs[].target.url" for each leaf; of a nullable object its fields. Records and plain lists are leaves. */
function pathsOf(shape: Shape, path = ""): string[] {
  const inner = shape.anyOf?.find(({ properties }) => properties) ?? shape;
  if (inner.items?.properties) return pathsOf(inner.items, `${path}[]`);
  if (!inner.properties) return [path];
  return Object.entries(inner.properties).flatMap(([name, field]) => pathsOf(field, path ? `${path}.${name}` : name));
}
