import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const SCRIPT = pathToFileURL(join(import.meta.dirname, "../../scripts/licences.mjs")).href;
const { isAllowed, nameOf } = (await import(SCRIPT)) as {
  isAllowed(found: { name: string; licence: string }): boolean;
  nameOf(text: string): string | null;
};

test("An allowed licence, a choice that has one, and all of several pass; anything else does not, save for who is excepted.", () => {
  const passes = (licence: string, name = "left-pad") => isAllowed({ name, licence });
  for (const licence of ["MIT", "GPL-3.0 OR MIT", "Apache-2.0 AND MIT"]) assert.ok(passes(licence), licence);
  for (const licence of ["AGPL-3.0", "MIT AND GPL-3.0", "none", "unknown", "UNLICENSED", "SEE LICENSE IN x"]) {
    assert.ok(!passes(licence), licence);
  }
  assert.ok(passes("AGPL-3.0", "go.k6.io/k6/v2"));
  assert.ok(!passes("SSPL-1.0", "go.k6.io/k6/v2"));
});

test("A licence's text is recognised, our own for one; another text has no name.", async () => {
  assert.equal(nameOf(await readFile(join(import.meta.dirname, "../../LICENSE"), "utf8")), "MIT");
  assert.equal(
    nameOf("Mozilla Public License Version 2.0 ... GNU Affero General Public License, Version 3.0"),
    "MPL-2.0",
  );
  assert.equal(nameOf("GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3"), "AGPL-3.0");
  assert.equal(nameOf("All rights reserved."), null);
});

test("Every npm package of package-lock.json has an allowed licence.", async () => {
  const lock = JSON.parse(await readFile(join(import.meta.dirname, "../../package-lock.json"), "utf8")) as {
    packages: Record<string, { license?: string }>;
  };
  const all = Object.entries(lock.packages).filter(([path]) => path !== "");
  assert.ok(all.length > 100);
  for (const [name, { license }] of all) assert.ok(isAllowed({ name, licence: license ?? "none" }), name);
});
