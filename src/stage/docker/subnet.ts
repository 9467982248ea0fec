import { networkInterfaces } from "node:os";
import { UsageError } from "../../run/exit.ts";
import { docker, dockerOutput } from "./docker.ts";

/** A /24 for one stage's network. */
export interface Subnet {
  /** e.g. "198.18.7.0/24" */
  cidr: string;
  /** Its first address: where this machine is, seen from the containers. */
  gateway: string;
}

/**
 * /24s that neither a Docker network nor an interface of this machine has, in random order, so that two runs that start
 * at the same time seldom choose the same one. They come from 198.18.0.0/15, which is for benchmarks (RFC 2544) and
 * which no office or VPN uses.
 * @param from what SUBNET was set to for docker-compose.yml, "172.30.4.0/24": they then come from there upwards
 * @throws UsageError when that is not a /24
 */
export async function freeSubnets(from: string): Promise<Subnet[]> {
  const taken = [...(await dockerSubnets()), ...ownAddresses()];
  return shuffle(candidates(from)).filter(({ cidr }) => !taken.some((one) => sameNet(one, cidr)));
}

/** The /24s after `from` (that of a manual `docker compose up`), up to the next /16: others may be in use beyond it. */
export function candidates(from: string): Subnet[] {
  const [a, b, c] = /^(\d+)\.(\d+)\.(\d+)\.0\/24$/.exec(from)?.slice(1).map(Number) ?? [];
  if (c === undefined) {
    throw new UsageError(
      `SUBNET is "${from}", expected an IPv4 /24, after which the runs take theirs; e.g. SUBNET=198.18.0.0/24`,
    );
  }
  return Array.from({ length: 255 - c }, (_, i) => `${a}.${b}.${c + 1 + i}`).map((net) => ({
    cidr: `${net}.0/24`,
    gateway: `${net}.1`,
  }));
}

async function dockerSubnets(): Promise<string[]> {
  const ids = (await dockerOutput(["network", "ls", "--quiet"])).split("\n").filter(Boolean);
  if (ids.length === 0) return [];
  const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
  // One that is removed meanwhile makes the command fail, but it still prints the others.
  const { stdout } = await docker(["network", "inspect", "--format", format, ...ids]);
  return stdout.split(/\s+/).filter(Boolean);
}

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ cidr }) => cidr ?? ""));

/** Whether an IPv4 network, of any size, and a /24 overlap. */
export function sameNet(one: string, other: string): boolean {
  const [left, right] = [parse(one), parse(other)];
  if (left === null || right === null) return false;
  const bits = Math.min(left.bits, right.bits);
  return bits === 0 || left.address >>> (32 - bits) === right.address >>> (32 - bits);
}

function parse(cidr: string): { address: number; bits: number } | null {
  const [a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)?.slice(1).map(Number) ?? [];
  if (bits === undefined) return null;
  return { address: ((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0, bits };
}

function shuffle<T>(list: T[]): T[] {
  return list
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
