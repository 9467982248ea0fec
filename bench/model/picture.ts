import type { Seen } from "./cell.ts";

/** Predicted against measured as an SVG, both axes from 0 in the same scale: on the line is as predicted. */
export function modelPicture(seen: readonly Seen[]): string {
  const most = Math.max(10, ...seen.map(({ high, predicted }) => Math.max(high, predicted)));
  const x = (value: number) => (LEFT + (value / most) * (SIZE - LEFT - 20)).toFixed(1);
  const y = (value: number) => (SIZE - LEFT - (value / most) * (SIZE - LEFT - 20)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * most));
  const marks = seen.map(({ traffic, rttMs, lost, low, high, predicted }) => {
    const colour = COLOURS[traffic.shape];
    const what = `${traffic.shape}, mean gap ${traffic.meanGapMs} ms, round trip ${rttMs} ms: ${lost} lost, ${predicted.toFixed(1)} predicted`;
    return `<g stroke="${colour}" fill="${rttMs > 5 ? colour : "none"}"><title>${what}</title><line x1="${x(predicted)}" x2="${x(predicted)}" y1="${y(low)}" y2="${y(high)}"/><circle cx="${x(predicted)}" cy="${y(lost)}" r="3.5"/></g>`;
  });
  const legend = Object.entries(COLOURS).map(
    ([shape, colour], i) => `<text x="${LEFT + 16}" y="${36 + i * 16}" fill="${colour}">${shape}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" font-family="sans-serif" font-size="12">
<title>Requests lost, predicted against measured</title>
<rect width="${SIZE}" height="${SIZE}" fill="#fff"/>
<line x1="${x(0)}" y1="${y(0)}" x2="${x(most)}" y2="${y(most)}" stroke="#999" stroke-dasharray="4 3"/>
${ticks.map((tick) => `<text x="${x(tick)}" y="${SIZE - LEFT + 18}" text-anchor="middle">${tick}</text><text x="${LEFT - 8}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle">${tick}</text>`).join("\n")}
<path d="M${x(0)} ${y(most)}V${y(0)}H${x(most)}" fill="none" stroke="#333"/>
<text x="${SIZE / 2}" y="${SIZE - 8}" text-anchor="middle">requests lost, predicted</text>
<text transform="translate(14 ${SIZE / 2}) rotate(-90)" text-anchor="middle">lost, measured (95 % interval)</text>
${marks.join("\n")}
${legend.join("\n")}
<text x="${LEFT + 16}" y="${36 + 4 * 16}" fill="#333">hollow: round trip 2 ms; filled: 10 ms</text>
</svg>
`;
}

const SIZE = 480;
const LEFT = 52;
const COLOURS = { poisson: "#1764ab", period: "#b3261e", bursts: "#7a5c00", day: "#2e7d32" } as const;
