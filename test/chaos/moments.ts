import type { RunningCommand } from "../start-command.ts";
import type { Command, Moment } from "./fault.ts";

/** Resolves when the phase has begun; rejects when the command ends before. By what is seen of it, never by the clock. */
export function comes(moment: Moment, command: Command, running: RunningCommand): Promise<unknown> {
  const { file, printed } = running;
  switch (moment) {
    case "begun":
      return Promise.resolve();
    case "folder":
      return file("owner.json");
    case "bundled":
      return file(command === "demo" ? "target-app.cjs" : "at-close.js");
    case "parts":
      return file(command === "demo" ? "before" : command);
    case "warm-up":
      return printed(command === "probe" ? /^target: /m : /^LB: HAProxy /m);
    case "idle":
      return printed(/^probing |^\d+ connections are idle/m);
    case "close":
      return printed(/^the target (closes|keeps|ends)|^\d+ of \d+ (closed|still open)/m);
    case "fired":
      return printed(/^round 1 /m);
    case "control":
      return printed(/^nothing was lost: /m);
    case "up":
      return printed(/Ctrl-C ends it\.$/m);
  }
}
