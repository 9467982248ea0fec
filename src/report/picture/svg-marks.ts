import type { Kind, Mark } from "./model.ts";

/** A row's marks, placed. */
export interface Swarm {
  /** A mark's diameter with the air around it, px. */
  size: number;
  levels: number;
  placed: Placed[];
}

interface Placed extends Mark {
  /** px. */
  x: number;
  /** 0 = on the base line. */
  level: number;
}

/** Marks side by side where there is room, otherwise stacked; the more there are, the smaller they get. */
export function swarm(marks: readonly Mark[], xOf: (offsetMs: number) => number): Swarm {
  const tries = SIZES.map((size) => stacked(marks, xOf, size));
  return tries.find(({ size, levels }) => size * levels <= HIGHEST) ?? tries.at(-1)!;
}

const SIZES = [11, 9, 7, 5, 3.5, 2.5];

/** Of a row, px. */
const HIGHEST = 140;

function stacked(marks: readonly Mark[], xOf: (offsetMs: number) => number, size: number): Swarm {
  const rightmost: number[] = [];
  const placed = marks.map((mark) => {
    const x = xOf(mark.offsetMs);
    let level = rightmost.findIndex((taken) => x - taken >= size);
    if (level === -1) level = rightmost.length;
    rightmost[level] = x;
    return { ...mark, x, level };
  });
  return { size, levels: Math.max(1, rightmost.length), placed };
}

/** A mark as a path, told apart by its form alone: a disc, a cross, a square with a hole, a triangle, a bar. */
export const SHAPES: Record<Kind, (x: number, y: number, r: number) => string> = {
  own: (x, y, r) =>
    `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0z`,
  lost: (x, y, r) => `M${px(x - r)} ${px(y - r)}l${px(2 * r)} ${px(2 * r)}m0 ${px(-2 * r)}l${px(-2 * r)} ${px(2 * r)}`,
  fresh: (x, y, r) => `M${px(x - r * 0.85)} ${px(y - r * 0.85)}h${px(r * 1.7)}v${px(r * 1.7)}h${px(-r * 1.7)}z`,
  answered: (x, y, r) => `M${px(x)} ${px(y - r)}l${px(r)} ${px(2 * r)}h${px(-2 * r)}z`,
  other: (x, y, r) => `M${px(x)} ${px(y - r)}v${px(2 * r)}m${px(-r)} ${px(-r)}h${px(2 * r)}`,
};

/** A tenth of a px is as fine as it gets. */
export const px = (value: number): number => Math.round(value * 10) / 10;
