import { join } from "node:path";
import { lossOnWire, typicalLoss, type WireRequest } from "../wire.ts";
import type { Captured } from "./capture-stages.ts";
import { keepStream } from "./read-streams.ts";

/** The name of the file that keepEvidence() writes. */
export const EVIDENCE_FILE = "evidence.pcapng";

/** Earlier answers of the app are on the same connection, and somebody may attach the file to a ticket. */
const holdsCookies = ({ stream }: WireRequest): boolean =>
  stream.packets.some(({ text }) => /\r\nset-cookie:/i.test(text));

/**
 * Keeps the connection of one typical lost request in `folder`/evidence.pcapng, for Wireshark.
 * @returns whether there was one
 */
export async function keepEvidence(folder: string, captured: Captured): Promise<boolean> {
  if ("why" in captured) return false;
  const lost = [...captured.requests.values()].filter(
    (request) => request.far && lossOnWire(request) !== null && !holdsCookies(request.far),
  );
  const kept = typicalLoss(lost);
  if (!kept?.far) return false;
  await keepStream(captured.tshark, captured.file, kept.far.stream.id, join(folder, EVIDENCE_FILE));
  return true;
}
