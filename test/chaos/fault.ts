import type { Random } from "./random.ts";
import type { Behaviour } from "./targets/behaviour.ts";

/** Faults of one kind; what is left open, moments and amounts, is drawn. */
export interface Family {
  name: string;
  /** What this kind is, for --help and the documentation. */
  what: string;
  faults(random: Random): Fault[];
}

/** One thing that goes wrong while a command runs, as data: what is run, at whom, what is done to it, what may come of it. */
export interface Fault {
  /** A sentence without its end: "k6 is killed while the connections are idle". */
  name: string;
  command: Command;
  /** null for a command that has none: demo, diagnose. */
  target: Target | null;
  /** Besides the target's URL and --json. `OUT`, `TMP`, `LOG`, `CLOCK` and `PORT` stand for this fault's own. */
  args: readonly string[];
  /** How the command is started. */
  around?: Surroundings;
  /** One after the other; what comes too late, as the command has ended, is not done. */
  deeds?: readonly Deed[];
  /** Of what is right in itself; `right` for all that the target's truth allows. */
  allowed: readonly Outcome[];
  /** What the log that is diagnosed holds; see `target` for the others. */
  log?: Log;
  /** The same command a second time, beside this one. */
  twice?: boolean;
  /** After which it hangs, ms. */
  withinMs?: number;
}

export type Command = "probe" | "check" | "demo" | "up" | "diagnose";

/** How a command ended: the verdict that it gave, or how it ended without one. */
export type Outcome =
  | ("safe" | "vulnerable") // probe
  | ("clean" | "lost") // check
  | ("reproduced" | "not-reproduced" | "fix-failed") // demo
  | ("race" | "errors") // diagnose; clean too
  | "inconclusive" // exit 3
  | "refused" // exit 2, and one line that says why
  | "interrupted" // exit 130
  | "killed"; // by a signal that nobody can catch

/** What is true of a target, or of the requests in a log. */
export type Truth =
  | "loses" // some requests are lost to closes: "clean" would be wrong
  | "keeps" // none are: "lost" would be wrong
  | "unknowable" // nothing can be concluded: either would be wrong
  | "either"; // as one looks at it

export interface Target {
  /** "an app that closes after 1.5 s". */
  what: string;
  behaves: Behaviour;
  truth: Truth;
}

export interface Log {
  what: string;
  truth: Truth;
  /** Its files, by name; written into a folder of their own, which is what is diagnosed. */
  files: Readonly<Record<string, Buffer>>;
  /** What is diagnosed, in that folder; the folder itself by default. */
  paths?: readonly string[];
}

export interface Surroundings {
  /** A command that runs the one that follows it; `OUT` and the others as in args. */
  wrap?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Its output goes nowhere that can be read: the verdict is known by the exit code. */
  mute?: boolean;
  /** A file with this name stands where --out would be. */
  outIsFile?: boolean;
  /** Why this cannot be had on this machine; a sentence, null where it can. */
  lacking?: string | null;
}

export interface Deed {
  /** When: in which phase, and how long after it began. */
  when: Moment;
  afterMs: number;
  what: Action;
}

/** A phase of a run, known by what it prints or by what it leaves in its folder; ms by the clock alone where it has none. */
export type Moment =
  | "folder"
  | "bundled"
  | "parts"
  | "warm-up"
  | "idle"
  | "close"
  | "fired"
  | "control"
  | "up"
  | "begun";

export type Part = "HAProxy" | "Toxiproxy" | "k6" | "the target app";

/** Whom: of two parts of a kind the first is the run's own; the last, its control's or the demo's fixed one. */
export type Whom = Part | `the last ${Part}` | "the command" | "the target";

export type Action =
  | { do: "signal"; signal: NodeJS.Signals; to: Whom }
  /** Stopped, and let go on after `forMs`. */
  | { do: "pause"; to: Whom; forMs: number }
  /** Stopped for `offMs` of each `offMs + onMs`, for `forMs` in all. */
  | { do: "slow"; to: Whom; onMs: number; offMs: number; forMs: number }
  /** By Toxiproxy's own API, https://github.com/Shopify/toxiproxy#toxics; taken away after `forMs`, where that is given. */
  | { do: "toxic"; type: string; attributes: Readonly<Record<string, number>>; forMs?: number }
  /** So many processes that do nothing but compute. */
  | { do: "hog"; processes: number; forMs: number }
  /** The time of day that the command reads is another from now on: "+3600", in seconds. See faults/surroundings.ts. */
  | { do: "set clock"; by: string }
  /** GET requests, to `up`. */
  | { do: "ask"; times: number };
