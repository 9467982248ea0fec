// npm test: early, since each fault has a whole run around it
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
/** Without `calm`: those have to be alone on the machine, and test/command has such runs. */
const few = FAMILIES.filter(({ name }) => name !== "calm").map(({ name }) =>
  random.pick(all.filter(({ family }) => family === name)),
);

describe("Of each family of faults one does what it may, and leaves nothing", { concurrency: 3 }, () => {
  for (const { number, family, fault } of few) {
    const skip = fault.around?.lacking ?? false;
    it(`${family}: ${fault.name}.`, { skip }, async (t) => {
      const seen = await play(fault, t.signal);
      const found = seen.flatMap((one) => judge(fault, one).findings.map(({ kind, what }) => `${kind}: ${what}`));
      t.diagnostic(`again: npm run test:chaos -- --seed ${SEED} --only ${number} --verbose`);
      assert.deepEqual(found, [], seen.map(({ stderr }) => stderr).join("\n"));
    });
  }
});
