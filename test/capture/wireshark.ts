import type { TestContext } from "node:test";
import { findWireshark, WIRESHARK, type Wireshark } from "../../src/capture/wireshark.ts";
import { createProgress } from "../../src/cli/progress.ts";
import { commandToGet, installWithApt } from "../../src/parts/install-with-apt.ts";

/** Wireshark's programs, installed where that needs nobody; null, with the test skipped, where they cannot be used. */
export async function wiresharkOrSkip(t: TestContext): Promise<Wireshark | null> {
  const found = await findOrInstall();
  if (!("why" in found) && process.getuid?.() === 0) return found;
  // In CI a failed installation must not make it green without packets.
  if (process.env.CI && process.getuid?.() === 0) throw new Error("why" in found ? found.why : "dumpcap may not");
  t.skip(`NO PACKETS CAN BE CAPTURED HERE: ${"why" in found ? found.why : "this takes root"}`);
  return null;
}

async function findOrInstall(): Promise<Wireshark | { why: string }> {
  const found = await findWireshark();
  if (!("why" in found) || (await commandToGet(WIRESHARK, process.env)) !== null) return found;
  const progress = createProgress(process.stderr);
  progress.line("tshark is not there: installing it with apt-get, for the tests that capture packets (10-60 s)");
  await installWithApt(WIRESHARK.apt, progress, process.env);
  return findWireshark();
}
