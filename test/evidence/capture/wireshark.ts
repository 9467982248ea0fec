import { spawnSync } from "node:child_process";
import type { TestContext } from "node:test";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { findWireshark, WIRESHARK, type Wireshark } from "../../../src/evidence/capture/wireshark.ts";
import { commandToGet, installWithApt } from "../../../src/parts/install-with-apt.ts";
import { createProgress } from "../../../src/run/progress.ts";

/** Wireshark's programs, installed where that needs nobody; null, with the test skipped, where they cannot be used. */
export async function wiresharkOrSkip(t: TestContext): Promise<Wireshark | null> {
  if (fastLane) {
    t.skip(fastLane);
    return null;
  }
  const found = await findOrInstall();
  if (!("why" in found)) mayCapture ??= whyNot(found);
  const why = "why" in found ? found.why : mayCapture;
  if (!("why" in found) && why === "") return found;
  // In CI a failed installation must not make it green without packets.
  if (process.env.CI && "why" in found && process.getuid?.() === 0) throw new Error(why);
  t.skip(`NO PACKETS CAN BE CAPTURED HERE: ${why}`);
  return null;
}

let mayCapture: string | undefined;

/** Captures for a second. @returns "", or why it may not: root in a container need not have the right */
function whyNot({ dumpcap }: Wireshark): string {
  const device = process.platform === "darwin" ? "lo0" : "lo";
  const args = ["-i", device, "-a", "duration:1", "-q", "-w", "-"];
  const { status, stderr } = spawnSync(dumpcap, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  return status === 0 ? "" : (stderr.split("\n").find((line) => line.startsWith("dumpcap: ")) ?? "dumpcap fails");
}

async function findOrInstall(): Promise<Wireshark | { why: string }> {
  const found = await findWireshark();
  if (!("why" in found) || (await commandToGet(WIRESHARK, process.env)) !== null) return found;
  const progress = createProgress(process.stderr);
  progress.line("tshark is not there: installing it with apt-get, for the tests that capture packets (10-60 s)");
  await installWithApt(WIRESHARK.apt, progress, process.env);
  return findWireshark();
}
