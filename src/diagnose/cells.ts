import { type Bounded, createBounded } from "./bounded.ts";
import type { Kind } from "./cause.ts";
import { type Cell, newCell } from "./counts.ts";

/** What the failures of one cell have in common. */
export interface CellName {
  kind: Kind;
  target: string;
  /** "" = any, where there was no room to tell them apart; then `minute` is the first of its hour. */
  route: string;
  /** Since 1970. */
  minute: number;
}

export interface Place extends CellName {
  cell: Cell;
}

/** Cells by their key. Where there are too many for routes and minutes, later ones are by target and hour. */
export function createCells(limit = FINE): Bounded<Cell> {
  const fine = createBounded(limit, newCell);
  const coarse = createBounded(limit, newCell);
  return {
    ...coarse,
    get(key) {
      const cell = fine.get(key);
      return cell === fine.others() ? coarse.get(coarser(key)) : cell;
    },
    entries: () => [...fine.entries(), ...coarse.entries()],
  };
}

/** Some 20 MB. */
const FINE = 20_000;

export const cellKey = ({ kind, target, route, minute }: CellName): string => [kind, minute, target, route].join("\n");

/** All cells, each under the kind that it has by now. */
export const placesOf = (cells: Bounded<Cell>): Place[] =>
  cells.entries().map(([key, cell]) => {
    const name = nameOf(key);
    return { ...name, kind: cell.recast ?? name.kind, cell };
  });

export const countOf = (places: readonly Place[]): number => places.reduce((sum, { cell }) => sum + cell.count, 0);

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function nameOf(key: string): CellName {
  const [kind, minute, target, route = ""] = key.split("\n") as [Kind, string, string, string?];
  return { kind, minute: Number(minute), target, route };
}

function coarser(key: string): string {
  const { kind, target, minute } = nameOf(key);
  return cellKey({ kind, target, route: "", minute: minute - (minute % 60) });
}
