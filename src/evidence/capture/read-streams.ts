import { EnvironmentError, InconclusiveError } from "../../run/exit.ts";
import { partEnvironment } from "../../run/part-environment.ts";
import { runToEnd, startProcess } from "../../run/process.ts";
import type { Tap } from "../../stage/stage.ts";
import { FIELDS, parseStreams, type Stream } from "./streams.ts";

/**
 * The connections in a capture.
 * @param taps where it was captured
 * @throws InconclusiveError when tshark cannot read it
 */
export async function readStreams(tshark: string, file: string, taps: readonly Tap[]): Promise<Stream[]> {
  // With HTTP enabled, tshark would show a request's bytes with the last of its segments only.
  const args = [
    "-r",
    file,
    "-n",
    "--disable-protocol",
    "http",
    "-T",
    "fields",
    ...FIELDS.flatMap((name) => ["-e", name]),
  ];
  const lines: string[] = [];
  const reading = await startProcess({
    name: "tshark",
    command: tshark,
    args,
    env: { LC_ALL: "C" },
    onLine: (line, stream) => void (stream === "stdout" && lines.push(line)),
  });
  const { code } = await reading.exited;
  if (code !== 0) throw new InconclusiveError(`tshark could not read the capture (exit code ${code})`);
  return parseStreams(lines, taps);
}

/** Writes one connection of a capture to the file `to`. @throws EnvironmentError where it cannot be written */
export async function extractStream(tshark: string, file: string, stream: number, to: string): Promise<void> {
  const args = ["-r", file, "-n", "-Y", `tcp.stream==${stream}`, "-w", to];
  const { code, output } = await runToEnd(tshark, args, { env: partEnvironment(process.env) });
  if (code === 0) return;
  const why = output.trim().split("\n").at(-1)?.replace(/\.$/, "");
  throw new EnvironmentError(
    `the packets of a lost request cannot be kept (${why}): make room there or set TMPDIR to another folder`,
  );
}
