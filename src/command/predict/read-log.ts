import { INDEX } from "../../alb-log/fields.ts";
import { createForms } from "../../alb-log/forms.ts";
import { createSplit, rawField } from "../../alb-log/split.ts";
import { readBatch } from "../../diagnose/read-batch.ts";
import { sourcesOf } from "../../diagnose/sources.ts";
import type { PoolRequests } from "../../model/log-gaps.ts";
import { InconclusiveError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";

/** An access log as the model takes it, and what of it was not read: whoever predicts has to say so. */
export interface LogRead {
  pools: PoolRequests[];
  /** Requests of pools beyond the first 10,000. */
  leftOut: number;
  /** Lines that are not an ALB's access log's, or that do not say when the request came: named fields may lack it. */
  unread: number;
  /** Files that were not read to their end. */
  broken: { file: string; reason: string }[];
}

/**
 * The requests of an ALB's access log by pool: LB node and target. Every form that `diagnose` reads.
 * @throws UsageError for a path that cannot be read, InconclusiveError where no request went to a target
 */
export async function readPools(run: Run, paths: readonly string[], mostPools = MOST_POOLS): Promise<LogRead> {
  const pools = new Map<string, PoolRequests>();
  const split = createSplit();
  let [now, forms] = ["", createForms()];
  let [leftOut, unread] = [0, 0];

  /** @param line in the ALB's own form, which `split` belongs to */
  const count = (line: string, file: string) => {
    const field = (name: keyof typeof INDEX) => rawField(line, split, INDEX[name]);
    const target = field("target:port");
    const [endMs, startMs] = [Date.parse(field("time")), Date.parse(field("request_creation_time"))];
    if (target === "-") return;
    if (Number.isNaN(endMs) || Number.isNaN(startMs)) {
      unread += 1;
      return;
    }
    const node = field("ip_address");
    const key = `${node === "-" ? (nodeIn(file) ?? field("elb")) : node} ${target}`;
    let pool = pools.get(key);
    if (pool === undefined) {
      if (pools.size >= mostPools) {
        leftOut += 1;
        return;
      }
      pool = { startMs: [], endMs: [] };
      pools.set(key, pool);
    }
    pool.startMs.push(startMs);
    pool.endMs.push(endMs);
  };

  const { broken } = await readBatch(await sourcesOf(paths), {
    filter: null,
    signal: run.signal,
    onChunk() {},
    onLine(text, { name }) {
      if (text === "\r") return;
      if (name !== now) [now, forms] = [name, createForms()];
      for (const form of forms.read(text, split)) {
        if (form === null) continue;
        if ("line" in form) count(form.line, name);
        else unread += 1;
      }
    },
  });
  if (pools.size > 0) return { pools: [...pools.values()], leftOut, unread, broken };
  throw new InconclusiveError(
    `no request of this log went to a target: there is nothing to predict from${instead({ unread, broken })}`,
  );
}

function instead({ unread, broken }: Pick<LogRead, "unread" | "broken">): string {
  if (broken[0]) return ` (${broken[0].file}: ${broken[0].reason})`;
  return unread === 0 ? "" : ` (lines that are not an ALB's or lack request_creation_time: ${unread})`;
}

/** Memory is for the gaps; an ALB has a handful of nodes, so this is a thousand targets and more. */
const MOST_POOLS = 10_000;

/** ALBs name the node in each file's name: ..._20260131T2355Z_198.51.100.7_abc123.log.gz */
const nodeIn = (file: string): string | undefined => /_(\d+\.\d+\.\d+\.\d+)_[^_]*$/.exec(file)?.[1];
