import assert from "node:assert/strict";
import { it } from "node:test";
import { needs } from "../needs.ts";
import { catalogueOf, FAMILIES } from "./catalogue.ts";
import { judge } from "./oracle.ts";
import { play } from "./play.ts";
import { randomOf } from "./random.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

/** `npm run test:chaos` plays them all. */
const SEED = 502;

const random = randomOf(SEED);
const all = catalogueOf(SEED);
const few = FAMILIES.map(({ name }) => random.pick(all.filter(({ family }) => family === name)));

describe("Of each family of faults one does what it may, and leaves nothing", { concurrency: 3 }, () => {
  for (const { number, family, fault } of few) {
    const skip = fault.around?.lacking ?? false;
    it(`${family}: ${fault.name}.`, { skip }, async (t) => {
      const found = (await play(fault, t.signal)).flatMap((seen) => judge(fault, seen).findings);
      t.diagnostic(`again: npm run test:chaos -- --seed ${SEED} --only ${number} --verbose`);
      assert.deepEqual(found, []);
    });
  }
});
