// npm test: early, since its checks come one after the other
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { mutantOf } from "./mutant.ts";
import { startApp } from "./target.ts";

const { test: it } = await needs("haproxy", "k6", "toxiproxy");

interface Mutation {
  says: string;
  aim: "close" | "clock";
  file: string;
  sound: string;
  broken: string;
  about: RegExp;
  /** How the app behaves; see target.ts. */
  manner?: "slow";
}

const PLAN = 'first: { ...windowFromCloses(closesMs, exchange), kind: "close", source: "probe" }';
const aimedBy = (shift: string) => PLAN.replace("closesMs,", `closesMs.map((ms) => ms ${shift}),`);
const MISSED = /yet no request was lost: the aim missed the instant/;
// The control is as broken as the check.
const UNHEARD = /^The control's target closed nothing after 10 s/;

// The aim is what every "clean" rests on. Broken on purpose, it has to be noticed: too early every request is answered
// on the idle connection, which looks exactly like a fixed target.
const MUTATIONS: Mutation[] = [
  {
    says: "whose aim is 60 ms too early",
    ...{ aim: "clock", file: "aim/clock/plan.ts", sound: PLAN, broken: aimedBy("- 60"), about: MISSED },
  },
  {
    says: "whose aim is 60 ms too late",
    ...{ aim: "clock", file: "aim/clock/plan.ts", sound: PLAN, broken: aimedBy("+ 60"), about: MISSED },
  },
  {
    says: "whose relay never tells of a close",
    ...{
      aim: "close",
      file: "aim/close/breakpoint.ts",
      sound: "      tell(fate.unasked);\n",
      broken: "",
      about: UNHEARD,
    },
  },
  {
    // Users are told in the order in which their connections close: each but one sends before its own does. The app takes
    // its time to answer, so that the closes are further apart than the longest that one is kept back.
    manner: "slow",
    says: "whose relay tells the wrong user",
    ...{
      aim: "close",
      file: "aim/close/breakpoint.ts",
      sound: "    tell = resolve;\n",
      about: new RegExp(`${MISSED.source}|${UNHEARD.source}`),
    },
    broken: `    const all = ((globalThis as { all?: ((unasked: Unasked) => void)[] }).all ??= []);
    const index = all.push(resolve) - 1;
    tell = (unasked) => all[(index + 1) % all.length]!(unasked);\n`,
  },
  {
    says: "whose relay never lets go",
    ...{ aim: "close", file: "aim/close/breakpoint.ts", sound: "    door.passage.release();\n", broken: "" },
    about: new RegExp(
      `ended in an error other than the LB's 502|cannot be explained|found the target down|${UNHEARD.source}`,
    ),
  },
];

for (const mutation of MUTATIONS) {
  it(`check ${mutation.says} calls an unfixed app inconclusive, never clean.`, { timeout: 120_000 }, async (t) => {
    const mutant = await mutantOf(await scratchFolder(t), [mutation]);
    const { url } = await startApp(t, 1000, mutation.manner);
    const options = ["--json", "--runtime=native", "--lb-idle=8s", `--aim=${mutation.aim}`];
    const child = spawn(process.execPath, [join(mutant, "scripts/run.mjs"), "check", url, ...options], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    t.after(() => child.kill());
    const [result, [code]] = await Promise.all([json(child.stdout), once(child, "close")]);
    const { verdict, reasons } = resultSchema.parse(result);
    assert.deepEqual([code, verdict], [3, "inconclusive"], reasons.join(" "));
    assert.match(reasons.join(" "), mutation.about);
  });
}
