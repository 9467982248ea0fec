import type {
  AttemptAnswer,
  RequestAnswer,
  StartAnswer,
  WindowAnswer,
} from "../../../scenarios/lib/harness-protocol.ts";
import { type Deferred, deferred } from "../../probe/deferred.ts";
import { type Attempt, attemptSchema } from "../../record/attempt.ts";
import type { K6Place } from "../../stage/stage.ts";
import { type Answerer, startHarnessHttp } from "../harness-http.ts";

/** Where k6's users wait and report, in the messages of scenarios/lib/harness-protocol.ts. */
export interface HarnessServer {
  /** Its URL as k6 calls it: from a container, this machine's address has another name. */
  urlOf(harness: K6Place["harness"]): string;
  /** What its users have to know. */
  token: string;
  /** Resolves when every user of every run has asked to start. */
  everyoneReady: Promise<void>;
  /**
   * Lets them start: user k of a run warms its connection `warmInMs(run, k)` later.
   * @param known the first round's window, where it is known by then
   */
  start(warmInMs: (run: string, user: number) => number, known: WindowAnswer | null): void;
  /** How long an exchange takes each user of `run` that asked to start, ms. */
  exchangesOf(run: string): number[];
  /** Tells the window of a round to all who wait for it, now and later. */
  announce(round: number, answer: WindowAnswer): void;
  /** Resolves with the attempts of `run` in `round` when all its users have reported. */
  roundOf(run: string, round: number): Promise<Attempt[]>;
  /** Lets the users of all runs go on after `round`, or end with it. */
  decide(round: number, next: AttemptAnswer): void;
  /** All attempts so far. */
  attemptsOf(run: string): Attempt[];
  /** True when every user of `run` has reported its last round. */
  isDone(run: string): boolean;
  close(): Promise<void>;
}

/**
 * Listens, as startHarnessHttp() does, for `users` users of each of `runs`, who send what `asked` says.
 */
export async function startHarnessServer(
  runs: readonly string[],
  users: number,
  asked: RequestAnswer,
  places: readonly K6Place["harness"][] = [{ listenOn: "127.0.0.1", seenAs: "127.0.0.1" }],
): Promise<HarnessServer> {
  const everyoneReady = deferred<void>();
  const started = deferred<Parameters<HarnessServer["start"]>>();
  const windows = new Lazy<WindowAnswer>();
  const reported = new Lazy<Attempt[]>();
  const decisions = new Lazy<AttemptAnswer>();
  const exchanges = new Map<string, number[]>(runs.map((run) => [run, []]));
  const attempts = new Map<string, Attempt[]>(runs.map((run) => [run, []]));
  let ready = 0;
  let lastRound = Number.POSITIVE_INFINITY;

  const answer: Answerer = async (pathname, searchParams, said) => {
    const run = searchParams.get("run") ?? "";
    if (pathname === "/request") return asked;
    if (pathname === "/start") {
      exchanges.get(run)!.push(Number(searchParams.get("exchangeMs")));
      if (++ready === users * runs.length) everyoneReady.resolve();
      const [warmInMs, known] = await started.promise;
      return { warmInMs: warmInMs(run, Number(searchParams.get("user"))), known } satisfies StartAnswer;
    }
    if (pathname === "/window") return windows.at(searchParams.get("round") ?? "").promise;
    const attempt = attemptSchema.parse(said);
    const all = attempts.get(run)!;
    all.push(attempt);
    const inRound = ofRound(all, attempt.round);
    if (inRound.length === users) reported.at(`${run}/${attempt.round}`).resolve(inRound);
    // All go on at the same moment, so that their spacing stays.
    return decisions.at(String(attempt.round)).promise;
  };

  const http = await startHarnessHttp(places, answer);
  return {
    urlOf: http.urlOf,
    token: http.token,
    everyoneReady: everyoneReady.promise,
    start: (warmInMs, known) => started.resolve([warmInMs, known]),

    exchangesOf: (run) => [...exchanges.get(run)!],
    announce: (round, answer) => windows.at(String(round)).resolve(answer),
    roundOf: (run, round) => reported.at(`${run}/${round}`).promise,
    decide(round, next) {
      if (next.done) lastRound = round;
      decisions.at(String(round)).resolve(next);
    },
    attemptsOf: (run) => [...attempts.get(run)!],
    isDone: (run) => ofRound(attempts.get(run)!, lastRound).length === users,
    close: http.close,
  };
}

const ofRound = (attempts: readonly Attempt[], round: number): Attempt[] =>
  attempts.filter((attempt) => attempt.round === round);

/** Promises by name, each made by whoever comes first: the one who waits or the one who resolves it. */
class Lazy<T> {
  readonly #made = new Map<string, Deferred<T>>();

  at(name: string): Deferred<T> {
    const found = this.#made.get(name) ?? deferred<T>();
    this.#made.set(name, found);
    return found;
  }
}
