import { readFile } from "node:fs/promises";
import { keepFiles } from "../../run/out-folder.ts";
import { lossOnWire, typicalLoss } from "../wire.ts";
import type { Captured } from "./capture-stages.ts";
import { cutToFirstLines } from "./first-lines.ts";
import { extractStream } from "./read-streams.ts";

/** The name of the file that keepEvidence() writes. */
export const EVIDENCE_FILE = "evidence.pcapng";

/**
 * Keeps the connection of one typical lost request in `folder`/evidence.pcapng, for Wireshark: its packets without
 * headers, bodies and queries, as somebody may attach the file to a ticket.
 * @returns whether there was one
 * @throws as keepFiles(), and EnvironmentError where there is no room for it beside the capture
 */
export async function keepEvidence(folder: string, captured: Captured): Promise<boolean> {
  if ("why" in captured) return false;
  const lost = [...captured.requests.values()].filter((request) => request.far && lossOnWire(request) !== null);
  const kept = typicalLoss(lost);
  if (!kept?.far) return false;
  const whole = `${captured.file}.${kept.far.stream.id}`;
  await extractStream(captured.tshark, captured.file, kept.far.stream.id, whole);
  const cut = cutToFirstLines(await readFile(whole));
  if (cut !== null) keepFiles(folder, { [EVIDENCE_FILE]: cut });
  return cut !== null;
}
