import type { Tally } from "./counts.ts";

/** What else there is to say of the lines that were read, whatever the verdict: no request is passed over in silence. */
export function remarksOn({ lines, malformed, cutOff, otherLogs }: Tally): string[] {
  const others = [...otherLogs].map(([name, count]) => `${linesAre(count)} of ${name}`);
  return [
    ...(cutOff > 0 ? [`${linesAre(cutOff)} cut off; what became of the request could still be read.`] : []),
    ...(malformed > 0 ? [`${malformed} of ${lines} lines could not be read, and ${be(malformed)} not counted.`] : []),
    ...(others.length > 0 ? [`Left out: ${others.join(", ")}; what is read here is an ALB's access log.`] : []),
  ];
}

const linesAre = (count: number): string => (count === 1 ? "1 line is" : `${count} lines are`);
const be = (count: number): string => (count === 1 ? "is" : "are");
