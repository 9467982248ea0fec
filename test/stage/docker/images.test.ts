import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeImage } from "../../../src/stage/docker/images.ts";

test("Another Node's image is of the same repository, whatever its registry, tag or digest.", () => {
  for (const [image, other] of [
    ["node:24-alpine", "node:22-alpine"],
    ["node", "node:22-alpine"],
    ["mirror.example:5000/library/node:24-alpine", "mirror.example:5000/library/node:22-alpine"],
    ["mirror.example:5000/node", "mirror.example:5000/node:22-alpine"],
    ["node:24-alpine@sha256:0f1e", "node:22-alpine"],
  ] as const)
    assert.equal(nodeImage(image, "22"), other);
});
