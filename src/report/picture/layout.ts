import type { Mark } from "./picture.ts";

export interface Placed extends Mark {
  x: number;
  /** 0 = on the base line. */
  level: number;
}

export interface Swarm {
  /** A mark's diameter with the air around it. */
  size: number;
  levels: number;
  placed: Placed[];
}

/** Marks side by side where there is room, else on top of each other; the more there are, the smaller they get. */
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
