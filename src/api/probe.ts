import { z } from "zod";
import { frameworkNamed } from "../advice/frameworks.ts";
import { durationMs } from "../cli/values.ts";
import {
  howShape,
  lbOfSettings,
  lbSchema,
  okStatusOf,
  requestOfSettings,
  requestShape,
} from "../command/check/settings.ts";
import type { ProbeOptions } from "../command/probe/options.ts";
import { probeAsked, probeFound } from "../command/probe/result.ts";
import { runProbe } from "../command/probe/run.ts";
import { carryOut } from "../command/result-command.ts";
import type { Result } from "../record/result.ts";
import type { Run } from "../run/run.ts";
import type { ProbeVerdict } from "../verdict/judge-probe.ts";
import { urlOf } from "./check.ts";
import { foretell } from "./foretell.ts";
import { heldAgainstWire } from "./held-against-wire.ts";
import { judgeSettings } from "./judge-settings.ts";
import { type CallOptions, runHere, settingsOf } from "./run-here.ts";
import {
  assertNodeServer,
  isNodeServer,
  type NodeServer,
  readServerSettings,
  type ServerSettings,
} from "./server-settings.ts";

export const probeSettingsSchema = z
  .strictObject({ lb: lbSchema, ...requestShape, maxWait: howShape.maxWait, connections: z.int().min(10).max(100) })
  .partial();

/** As `alb502 probe` takes it, and in a config file's words: docs/api.md. */
export interface ProbeCallOptions extends CallOptions, z.input<typeof probeSettingsSchema> {}

export interface ServerProbeOptions extends ProbeCallOptions {
  /** Whether idle connections are opened too, and watched until the server closes them or the LB would have. */
  wire?: boolean | undefined;
}

/** What a server's settings come to behind the LB, and what the wire says of that. Times in ms. */
export interface ServerProbe {
  verdict: ProbeVerdict;
  /** Whole sentences, the weightiest first. */
  reasons: string[];
  /** As read from the server. */
  settings: ServerSettings;
  /** When it will close an idle connection, as its settings foretell; null = never, or nobody can tell. */
  idleCloseMs: number | null;
  lb: { profile: string; idleTimeoutMs: number };
  /** A line to paste; null where nothing has to be changed. */
  fix: string | null;
  /** What a probe of the wire saw, as result.json has it; null without { wire: true }. */
  wire: Result | null;
}

/**
 * With a Node server: whether its settings outlive the load balancer, at once, as they are read from the object; with
 * { wire: true } also whether the wire agrees, in about one idle period. With a URL: what `alb502 probe` does.
 * @returns of a server a ServerProbe, of a URL what result.json holds
 * @throws UsageError for what the caller can fix; the signal's reason
 */
export function probe(target: NodeServer, options?: ServerProbeOptions): Promise<ServerProbe>;
export function probe(target: string | URL, options?: ProbeCallOptions): Promise<Result>;
export async function probe(
  target: string | URL | NodeServer,
  options: ServerProbeOptions = {},
): Promise<ServerProbe | Result> {
  const { wire = false, ...rest } = options;
  const settings = settingsOf(probeSettingsSchema, rest);
  if (!isNodeServer(target)) {
    if (typeof target !== "string" && !(target instanceof URL)) assertNodeServer(target);
    return runHere(options, async (run) => probeWire(run, await urlOf(target, run), settings));
  }
  options.signal?.throwIfAborted();
  const { profile, lbIdleMs, rttMs } = lbOfSettings(settings.lb);
  const read = readServerSettings(target);
  const foretold = foretell(read);
  const judged = judgeSettings(read, foretold, { title: profile.title, idleTimeoutMs: lbIdleMs, rttMs });
  const known = {
    settings: read,
    idleCloseMs: foretold.idleCloseMs,
    lb: { profile: profile.name, idleTimeoutMs: lbIdleMs },
  };
  if (!wire) return { ...judged, ...known, wire: null };
  const seen = await runHere(options, async (run) => probeWire(run, await urlOf(target, run), settings));
  return { ...heldAgainstWire(judged, foretold, seen), ...known, wire: seen };
}

type ProbeSettings = z.input<typeof probeSettingsSchema>;

async function probeWire(run: Run, url: URL, settings: ProbeSettings): Promise<Result> {
  const options = probeOptionsOf(url, settings);
  const { result } = await carryOut(run, { run: runProbe, asked: probeAsked, found: probeFound }, options);
  return result;
}

function probeOptionsOf(url: URL, settings: ProbeSettings): ProbeOptions {
  const { profile, lbIdleMs } = lbOfSettings(settings.lb);
  const { maxWait, connections = 10, framework } = settings;
  return {
    ...{ url, profile, lbIdleMs, connections, json: false, out: null, start: null },
    request: requestOfSettings(url, settings, process.env),
    okStatus: okStatusOf(settings) ?? [],
    maxWaitMs: maxWait === undefined ? null : durationMs(maxWait),
    framework: framework === undefined ? null : frameworkNamed(framework),
  };
}
