import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type EdgeLine, edgeLines } from "../../src/evidence/edge-log.ts";
import { type GuardLine, guardLines } from "../../src/evidence/guard-log.ts";
import { startHaproxy } from "../../src/stage/native/start-haproxy.ts";
import { startToxiproxy } from "../../src/stage/native/start-toxiproxy.ts";
import { needs } from "../needs.ts";

/** What starts a chain is a `test` of these. */
export const { test, parts } = await needs("haproxy", "toxiproxy");

/** The shipped simulator, running for one test. */
export interface Lb {
  /** Of the edge, on 127.0.0.1. */
  port: number;
  pid: number;
  /**
   * Stops it as soon as it has logged so many lines: HAProxy answers first and logs then, so that an immediate SIGTERM
   * can come in between. @returns its whole log, which may be longer
   */
  stop(logged: { edge?: number; guard?: number }): Promise<{ edge: EdgeLine[]; guard: GuardLine[] }>;
}

export interface LbOptions {
  /** host:port of what stands behind the LB: a target, or the network in front of one. */
  target: string;
  idleTimeoutMs?: number;
  nodes?: number;
  /** Somebody's own target behind it, which is spoken to by its name and in its protocol. */
  foreign?: URL;
  /** http-reuse of the pool; the shipped default when left out. */
  reuse?: "safe";
  /** Of the edge; a free one when left out. */
  port?: number;
}

/** Starts the shipped haproxy.cfg as the product does; the end of the test stops it. */
export async function startLb(t: TestContext, options: LbOptions): Promise<Lb> {
  const lines: string[] = [];
  const newLine = new EventEmitter();
  const folder = await shortFolder(t);
  const started = startHaproxy({
    command: parts.haproxy.path,
    lb: {
      idleTimeoutMs: options.idleTimeoutMs ?? 60_000,
      nodes: options.nodes ?? 20,
      reuse: options.reuse ?? "always",
    },
    networkAddress: options.target,
    foreign: options.foreign ?? null,
    folder,
    port: options.port ?? null,
    onLine: (line) => {
      lines.push(line);
      newLine.emit("line");
    },
    signal: t.signal,
  });
  const { process: running, url } = await started;
  t.after(() => running.stop());
  return {
    port: Number(new URL(url).port),
    pid: running.pid,
    async stop({ edge = 0, guard = 0 }) {
      const signal = AbortSignal.timeout(5000);
      while (edgeLines(lines).length < edge || guardLines(lines).length < guard) {
        await once(newLine, "line", { signal });
      }
      await running.stop();
      return { edge: edgeLines(lines), guard: guardLines(lines) };
    },
  };
}

/** Starts Toxiproxy as the product does, in front of `target` (host:port). @returns its host:port */
export async function startNetwork(t: TestContext, options: { target: string; rttMs: number }): Promise<string> {
  const { process: running, address } = await startToxiproxy({
    command: parts.toxiproxy.path,
    targetAddress: options.target,
    rttMs: options.rttMs,
    onLine: () => {},
    signal: t.signal,
  });
  t.after(() => running.stop());
  return address;
}

/** A folder for the pool's Unix socket, whose path may have 104 bytes at most on macOS. */
export async function shortFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "alb502-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
