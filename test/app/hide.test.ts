import assert from "node:assert/strict";
import { test } from "node:test";
import { hiding } from "../../src/app/hide.ts";

test("What was given as a secret is taken out of a line that repeats it, whole or a part of it.", () => {
  const hide = hiding(["Bearer s3cr3t-token", '{"card":"4111111111111111"}', "3000"]);
  assert.equal(hide("GET / with Bearer s3cr3t-token"), "GET / with ...");
  assert.equal(hide("token s3cr3t-token is bad"), "token ... is bad");
  assert.equal(hide("card 4111111111111111, port 3000"), "card ..., port 3000");
  assert.equal(hiding([])("as it is"), "as it is");
  assert.equal(hiding([])("no postgres://me:pw@db/x, a@b"), "no postgres://...@db/x, a@b");
});
