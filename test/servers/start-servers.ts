import { setMaxListeners } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createProgress } from "../../src/run/progress.ts";
import type { Run } from "../../src/run/run.ts";
import { undoLastFirst } from "../../src/run/undos.ts";
import type { RealServer } from "./server.ts";
import type { ServerFacts } from "./server-facts.ts";
import { MissingTool, prepareTools } from "./tools.ts";

/** Each server, or why it is not to be had on this machine. */
export type Started = ReadonlyMap<ServerFacts, RealServer | MissingTool>;

/** Starts all of `servers` at once, until the run's end. @throws EnvironmentError when one does not come up */
export async function startServers(run: Run, servers: readonly ServerFacts[]): Promise<Started> {
  const tools = await prepareTools(run);
  setMaxListeners(LISTENERS + servers.length, run.signal);
  const start = async (facts: ServerFacts) => {
    try {
      return await facts.start(run, tools);
    } catch (error) {
      if (error instanceof MissingTool) return error;
      throw error;
    }
  };
  return new Map(await Promise.all(servers.map(async (facts) => [facts, await start(facts)] as const)));
}

/** Node's own bound before it warns of a leak. */
const LISTENERS = 10;

/** Real servers for the tests of one suite. */
export interface SuiteServers {
  /** The test is skipped, with the reason, where there is none (null); prepareTools() has thrown before in CI. */
  serverOrSkip(t: TestContext, facts: ServerFacts): RealServer | null;
  /** Ends all, and removes what they wrote. */
  end(): Promise<void>;
}

/** For a suite's `before`; its `after` has to end them. */
export async function startForSuite(servers: readonly ServerFacts[]): Promise<SuiteServers> {
  const folder = await mkdtemp(join(tmpdir(), "alb502-test-"));
  const abort = new AbortController();
  const undos: Parameters<typeof undoLastFirst>[0] = [
    () => rm(folder, { recursive: true, force: true }),
    () => abort.abort(),
  ];
  const end = () => undoLastFirst(undos);
  const progress = createProgress(process.stderr);
  const run: Run = { signal: abort.signal, progress, folder, defer: (undo) => void undos.push(undo) };
  const started = await startServers(run, servers).catch(async (error) => {
    await end();
    throw error;
  });
  const serverOrSkip = (t: TestContext, facts: ServerFacts) => {
    const server = started.get(facts)!;
    if (!(server instanceof MissingTool)) return server;
    t.skip(`${facts.name} IS LEFT OUT: ${server.message}`);
    return null;
  };
  return { serverOrSkip, end };
}
