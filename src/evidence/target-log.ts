import { z } from "zod";

/** A request in our own target app's log (target-app/log.ts). */
const requestLineSchema = z.object({ event: z.literal("request"), id: z.string().nullable() });

/** The ids of the requests that our own target app has seen; other lines are skipped. */
export function idsSeenByApp(targetLog: readonly string[]): Set<string> {
  const ids = new Set<string>();
  for (const line of targetLog) {
    if (!line.startsWith('{"event":"request"')) continue;
    const parsed = requestLineSchema.safeParse(tryJson(line));
    if (parsed.success && parsed.data.id !== null) ids.add(parsed.data.id);
  }
  return ids;
}

/** The last line of a target that was killed may be cut off. */
function tryJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
