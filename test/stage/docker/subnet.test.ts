import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { networkInterfaces } from "node:os";
import { it, test } from "node:test";
import { promisify } from "node:util";
import { candidates, freeSubnets, sameNet } from "../../../src/stage/docker/subnet.ts";
import { dockerOrSkip } from "../../docker/engine.ts";

test("The /24s to choose from follow the one that docker compose up takes by hand, and leave that one out.", () => {
  const nets = candidates("198.18.0.0/24");
  assert.deepEqual(nets[0], { cidr: "198.18.1.0/24", gateway: "198.18.1.1" });
  assert.deepEqual(nets.at(-1), { cidr: "198.18.255.0/24", gateway: "198.18.255.1" });
  assert.equal(nets.length, 255);
});

test("They stop where the second number would change: the addresses after 192.168 are public.", () => {
  const nets = candidates("192.168.4.0/24");
  assert.deepEqual([nets[0]!.cidr, nets.at(-1)!.cidr, nets.length], ["192.168.5.0/24", "192.168.255.0/24", 251]);
});

for (const subnet of ["fd00::/64", "10.0.0.0/16", "198.18.0.0", "198.18.0.7/24"]) {
  it(`A SUBNET of ${subnet} is refused, not silently replaced.`, () => {
    assert.throws(() => candidates(subnet), /^UsageError: SUBNET is ".+", expected an IPv4 \/24/);
  });
}

const pairs: [one: string, other: string, same: boolean, why: string][] = [
  ["198.18.7.0/24", "198.18.7.0/24", true, "itself"],
  ["198.18.7.0/24", "198.18.8.0/24", false, "its neighbour"],
  ["198.18.0.0/15", "198.19.7.0/24", true, "one inside a larger one"],
  ["198.18.7.128/25", "198.18.7.0/24", true, "one with a smaller one inside"],
  ["198.18.7.9/32", "198.18.7.0/24", true, "one with this machine's address inside"],
  ["0.0.0.0/0", "198.18.7.0/24", true, "everything"],
  ["128.0.0.0/1", "10.0.0.0/24", false, "the other half of everything"],
  ["fe80::1/64", "198.18.7.0/24", false, "an IPv6 one"],
  ["", "198.18.7.0/24", false, "none"],
];

for (const [one, other, same, why] of pairs) {
  it(`${other} ${same ? "overlaps" : "does not overlap"} ${one || "nothing"}: ${why}.`, () => {
    assert.equal(sameNet(one, other), same);
  });
}

const skip = await dockerOrSkip();

test("A subnet of a Docker network or of this machine is not free; all others are, in no fixed order.", {
  skip,
}, async (t) => {
  const docker = (args: string[]) => promisify(execFile)("docker", args);
  // From a quarter that nothing else here takes: 198.19, the upper half of the benchmark range.
  const from = "198.19.200.0/24";
  const free = await freeSubnets(from);
  const name = `alb502-test-${process.pid}`;
  t.after(() => docker(["network", "rm", name]));
  await docker(["network", "create", "--subnet", free[0]!.cidr, name]);
  const cidrs = (await freeSubnets(from)).map(({ cidr }) => cidr);
  assert.ok(!cidrs.includes(free[0]!.cidr));
  assert.ok(cidrs.includes(free[1]!.cidr));
  // 55 of them: that they come out sorted has one chance in 55!.
  assert.notDeepEqual(cidrs, cidrs.toSorted());

  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const [, a, b, c] = own.map(({ address }) => /^(\d+)\.(\d+)\.([1-9]\d*)\.\d+$/.exec(address)).find(Boolean) ?? [];
  if (a) {
    const own24 = `${a}.${b}.${c}.0/24`;
    const around = await freeSubnets(`${a}.${b}.${Number(c) - 1}.0/24`);
    assert.ok(!around.some(({ cidr }) => cidr === own24), own24);
  }
});
