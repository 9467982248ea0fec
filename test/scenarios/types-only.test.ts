import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { bundleScenarios } from "../../src/stage/bundle.ts";
import { scratchFolder } from "../parts/scratch.ts";

// .dependency-cruiser.mjs lets scenarios/ import from src/record/, and cannot tell types from what runs.
test("What k6 runs has nothing of src/ in it: scenarios take types from there, and types only.", async (t) => {
  for (const bundle of Object.values(await bundleScenarios(await scratchFolder(t)))) {
    const { sources } = JSON.parse(await readFile(`${bundle}.map`, "utf8")) as { sources: string[] };
    assert.ok(sources.some((path) => path.includes("/scenarios/lib/")));
    assert.deepEqual(
      sources.filter((path) => !path.includes("/scenarios/")),
      [],
    );
  }
});
