import type { Diagnosis } from "../../../diagnose/diagnosis.ts";
import type { Page } from "../page.ts";

/** The verdict for somebody who was sent the page: one sentence, as sure as the log allows. */
export function inPlainWords({ verdict, causes }: Diagnosis): Pick<Page, "mood" | "verdict"> {
  switch (verdict) {
    case "race":
      return { mood: "bad", verdict: RACE[causes.find(({ kind }) => kind === "race")?.sure ?? "low"] };
    case "errors":
      return {
        mood: "bad",
        verdict: causes.some(({ kind }) => kind === "race")
          ? "The load balancer made errors; few of them look like the keep-alive race."
          : "The load balancer made errors; none looks like the keep-alive race.",
      };
    case "clean":
      return { mood: "good", verdict: "The load balancer made no error of its own." };
    case "inconclusive":
      return { mood: "unknown", verdict: "No verdict: what could be read proves nothing, either way." };
  }
}

const RACE = {
  high: "Requests are lost to the keep-alive race.",
  medium: "Requests are probably lost to the keep-alive race.",
  low: "Requests may be lost to the keep-alive race; other causes fit as well.",
};
