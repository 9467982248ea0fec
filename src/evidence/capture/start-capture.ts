import { chmod } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { startProcess } from "../../run/process.ts";
import type { Run } from "../../run/run.ts";
import type { Tap } from "../../stage/stage.ts";
import { waitUntilReady } from "../../stage/wait-until-ready.ts";
import { findWireshark, type Wireshark } from "./wireshark.ts";

/** A running capture. */
export interface Capture {
  wireshark: Wireshark;
  /** pcapng, in the run's own folder; complete after stop(). */
  file: string;
  /** @returns `whole` is false when it had ended by itself: it reached its limit, or died. */
  stop(): Promise<{ packets: number; dropped: number; whole: boolean }>;
}

/**
 * Captures the traffic between the network and the targets; resolves when it has begun.
 * @param file where to
 * @returns why nothing can be captured here and the one command that enables it, as one line, where it cannot
 */
export async function startCapture(run: Run, taps: readonly Tap[], file: string): Promise<Capture | { why: string }> {
  const wireshark = await findWireshark();
  if ("why" in wireshark) return { why: `No packets were captured: ${wireshark.why}` };
  const from = taps.flatMap(({ device, port }) => ["-i", device, "-f", `tcp port ${port}`]);
  const lines: string[] = [];
  const dumpcap = await startProcess({
    name: "dumpcap",
    command: wireshark.dumpcap,
    args: [...from, "-w", file, "-q", "-s", String(SNAP_BYTES), "-a", `filesize:${MOST_KB}`],
    // The counts that it prints at its end are in words.
    env: { LC_ALL: "C" },
    onLine: (line) => void lines.push(line),
  });
  run.defer(() => dumpcap.stop());
  try {
    // It names its file once all its devices are open.
    await waitUntilReady(dumpcap, async () => lines.some((line) => line.startsWith("File:")), run);
  } catch {
    run.signal.throwIfAborted();
    return { why: `No packets were captured: ${whyNot(lines)}` };
  }
  await chmod(file, 0o600).catch(() => {}); // requests may carry secrets
  return {
    wireshark,
    file,
    stop: async () => {
      let early = false;
      void dumpcap.exited.then(() => {
        early = !dumpcap.stopping;
      });
      await delay(READ_TIMEOUT_MS, undefined, { signal: run.signal }).catch(() => {});
      await dumpcap.stop();
      return { ...countsOf(lines), whole: !early };
    },
  };
}

/** The kernel hands packets over in blocks, the last one after dumpcap's read timeout of 250 ms (CAP_READ_TIMEOUT). */
const READ_TIMEOUT_MS = 500;

/** All of a request's headers: its X-Request-Id, which tells which one it is, comes last among them. */
const SNAP_BYTES = 16_384;

/** Some 100,000 packets: a demo has 2,000. */
const MOST_KB = 50_000;

/** What dumpcap said, or what to do. */
function whyNot(lines: readonly string[]): string {
  const words = lines.findLast((line) => line.startsWith("dumpcap: ")) ?? "dumpcap: it did not start";
  if (!words.includes("permission")) return words.slice("dumpcap: ".length).replace(/\.$/, "");
  return `dumpcap has no permission: ${process.platform === "darwin" ? GRANT_ON_MAC : GRANT_ON_LINUX}`;
}

// Debian's package gives dumpcap no rights; its own way to do so (dpkg-reconfigure wireshark-common) asks questions.
const GRANT_ON_LINUX = "sudo setcap cap_net_raw,cap_net_admin+ep $(command -v dumpcap)";
const GRANT_ON_MAC = "brew install --cask wireshark-chmodbpf";

/** "Packets received/dropped on interface 'lo': 540/0 (pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0) (100.0%)" */
function countsOf(lines: readonly string[]): { packets: number; dropped: number } {
  const counts = lines.map((line) => /^Packets received\/dropped on interface .*: (\d+)\/(\d+)/.exec(line));
  const sum = (group: 1 | 2) => counts.reduce((total, found) => total + Number(found?.[group] ?? 0), 0);
  return { packets: sum(1), dropped: sum(2) };
}
