import { valueFor } from "../../src/advice/advise.ts";
import { SERVERS, type ServerFacts } from "../../src/advice/server-facts.ts";
import { keepForMs } from "../../src/advice/value.ts";

/** The table of docs/fixes.md, from the data. */
export function fixesTable(): string {
  const head =
    "| software | default idle close | setting | unit | value behind a 60 s ALB | source |\n|---|---|---|---|---|---|\n";
  return head + SERVERS.map(row).join("");
}

function row(facts: ServerFacts): string {
  const { title, setting, unit, source } = facts;
  const cells = [
    title,
    defaultClose(facts),
    setting === null ? "-" : `\`${setting}\``,
    unit ?? "-",
    value(facts),
    source,
  ];
  return `| ${cells.join(" | ")} |\n`;
}

function defaultClose({ defaultIdleMs, measuredIdleMs, closesAtOnce }: ServerFacts): string {
  if (defaultIdleMs === null) return "never";
  if (defaultIdleMs === 0) return `after each answer${closesAtOnce === null ? "" : ", without saying so"}`;
  const measured = measuredIdleMs === null ? "" : `, measured ${(measuredIdleMs / 1000).toFixed(1)} s`;
  return `${defaultIdleMs / 1000} s${measured}`;
}

function value(facts: ServerFacts): string {
  const { setting, unit, defaultIdleMs } = facts;
  if (setting === null) return "-";
  if (defaultIdleMs === null || defaultIdleMs >= keepForMs(ALB_MS)) return "the default will do";
  const valueMs = valueFor(facts, ALB_MS);
  return unit === "ms" ? String(valueMs) : `${valueMs / 1000}${unit === "duration" ? " s" : ""}`;
}

const ALB_MS = 60_000;
