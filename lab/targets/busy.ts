import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ROOT } from "../../src/run/root.ts";
import type { Run } from "../../src/run/run.ts";
import { bufferMs } from "../../test/servers/node.ts";
import { type RealServer, startServer } from "../../test/servers/server.ts";

/** node:http that closes after `idleCloseMs`, its event loop blocked for `share` of the time in blocks of `blockMs`. */
export const startBusy = (
  run: Run,
  { idleCloseMs, share, blockMs }: { idleCloseMs: number; share: number; blockMs: number },
): Promise<RealServer> =>
  startServer(run, `Node ${process.versions.node}`, ({ port }) => ({
    name: "the busy target",
    command: process.execPath,
    args: ["--import", TSX, PROGRAM, ...[port, idleCloseMs - bufferMs, share, blockMs].map(String)],
  }));

const PROGRAM = join(import.meta.dirname, "busy-server.ts");
const TSX = pathToFileURL(join(ROOT, "node_modules/tsx/dist/loader.mjs")).href;

/** What the turns of its event loop were like. */
export const loopOf = async ({ url }: RealServer): Promise<Loop> =>
  loopSchema.parse(await (await fetch(`${url}loop`)).json());

const loopSchema = z.object({
  /** Share of the time in which it was not waiting. */
  utilization: z.number(),
  /** Length of the turn in which an instant falls, on average, ms. */
  turnMs: z.number(),
});

export type Loop = z.infer<typeof loopSchema>;
