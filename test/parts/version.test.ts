import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PARTS } from "../../src/parts/part.ts";
import { compareVersions, isAccepted, parseVersion } from "../../src/parts/version.ts";

describe("parseVersion", () => {
  const { haproxy, k6, toxiproxy } = PARTS;
  // Each line as the program printed it.
  const samples = [
    [haproxy, "HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/\nStatus: long-term", "2.6.12"],
    [haproxy, "HAProxy version 3.0.11-1+deb13u2 2026/02/09 - https://haproxy.org/\n", "3.0.11"],
    [haproxy, "HAProxy version 3.5-dev5-d1f6a4f 2026/08/20 - https://haproxy.org/\n", "3.5"],
    [haproxy, "HA-Proxy version 2.2.9-2+deb11u5 2023/04/10 - https://haproxy.org/\n", "2.2.9"],
    [k6, "k6 v2.2.0 (go1.26.8, linux/amd64)\n", "2.2.0"],
    [k6, "k6 v2.2.0 (commit/f7b0ff5c57, go1.26.5, linux/amd64)\nExtensions:\n  xk6-a v0.9.1, k6/x/a [js]", "2.2.0"],
    [k6, "k6-2.2.0-linux-x64-ef2108198220 v2.2.0 (go1.26.8, linux/amd64)\n", "2.2.0"],
    [k6, "k6 v0.49.0 (go1.21.6, linux/amd64)\n", "0.49.0"],
    [toxiproxy, "toxiproxy-server version 2.12.0\n", "2.12.0"],
    [toxiproxy, "toxiproxy-server version git\n", null],
    [haproxy, "k6 v2.2.0 (go1.26.8, linux/amd64)\n", null],
    [k6, "", null],
  ] as const;
  for (const [part, output, version] of samples) {
    it(`reads ${version} for ${part.binary} from ${JSON.stringify(output.slice(0, 40))}.`, () => {
      assert.equal(parseVersion(output, part.versionPattern), version);
    });
  }
});

describe("compareVersions", () => {
  it("orders by number, not by letter.", () => {
    assert.ok(compareVersions("2.12.0", "2.9.0") > 0);
    assert.ok(compareVersions("2.6.9", "2.6.12") < 0);
    assert.ok(compareVersions("0.49.0", "2.0.0") < 0);
  });

  it("counts a missing number as 0.", () => {
    assert.equal(compareVersions("2.6", "2.6.0"), 0);
    assert.ok(compareVersions("2.6.1", "2.6") > 0);
  });
});

describe("isAccepted", () => {
  it("takes the lower bound itself and refuses the upper one.", () => {
    const range = { atLeast: "2.9.0", below: "3.0.0" };
    const tried = ["2.8.9", "2.9.0", "2.12.0", "3.0.0"].map((version) => isAccepted(version, range));
    assert.deepEqual(tried, [false, true, true, false]);
  });
});
