import { parseAlbLine } from "../../alb-log/parse.ts";
import { readBatch } from "../../diagnose/read-batch.ts";
import { sourcesOf } from "../../diagnose/sources.ts";
import type { PoolRequests } from "../../model/log-gaps.ts";
import { InconclusiveError } from "../../run/exit.ts";
import type { Run } from "../../run/run.ts";

/**
 * The requests of an ALB's access log by pool: LB node and target.
 * @throws UsageError for a path that cannot be read, InconclusiveError where no request went to a target
 */
export async function readPools(run: Run, paths: readonly string[]): Promise<PoolRequests[]> {
  const pools = new Map<string, PoolRequests>();
  await readBatch(await sourcesOf(paths), {
    filter: null,
    signal: run.signal,
    onChunk() {},
    onLine(line, { name }) {
      const read = parseAlbLine(line);
      if ("malformed" in read) return;
      const { time, request_creation_time: created, elb, "target:port": target, ip_address: node } = read.entry;
      const [endMs, startMs] = [Date.parse(time), Date.parse(created)];
      if (target === "-" || Number.isNaN(endMs) || Number.isNaN(startMs)) return;
      const key = `${node === "-" ? (nodeIn(name) ?? elb) : node} ${target}`;
      const pool = pools.get(key) ?? { startMs: [], endMs: [] };
      if (pools.size < MOST_POOLS) pools.set(key, pool);
      pool.startMs.push(startMs);
      pool.endMs.push(endMs);
    },
  });
  if (pools.size > 0) return [...pools.values()];
  throw new InconclusiveError("no request of this log went to a target: there is nothing to predict from");
}

const MOST_POOLS = 10_000;

/** ALBs name the node in each file's name: ..._20260131T2355Z_198.51.100.7_abc123.log.gz */
const nodeIn = (file: string): string | undefined => /_(\d+\.\d+\.\d+\.\d+)_[^_]*$/.exec(file)?.[1];
