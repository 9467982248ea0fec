/**
 * The ports that an app's output names as those where it listens, the last one first: "http://localhost:4000", "listening on
 * port 4000", "0.0.0.0:4000", "[::]:4000".
 */
export function saidPorts(lines: readonly string[]): number[] {
  const ports = lines.flatMap((line) => [...line.matchAll(SAID)].map((found) => Number(found[1] ?? found[2])));
  return [...new Set(ports.reverse())].filter((port) => port > 0 && port < 65_536);
}

const SAID =
  /(?:https?:\/\/[^\s/:]+|https?:\/\/\[[\da-f:]+\]|\blocalhost|\b127\.0\.0\.1|\b0\.0\.0\.0|\[::1?\]):(\d{2,5})\b|\bport\b(?:\s*[:=]|\(s\):)?\s*(\d{2,5})\b/gi;
