import type { Tally } from "./counts.ts";

/** What else there is to say of the lines that were read, whatever the verdict. */
export function remarksOn({ otherLogs }: Pick<Tally, "otherLogs">): string[] {
  if (otherLogs.size === 0) return [];
  const others = [...otherLogs].map(([name, count]) => `${count} ${count === 1 ? "line" : "lines"} of ${name}`);
  return [`Left out: ${others.join(", ")}. What is read here is an ALB's access log.`];
}
