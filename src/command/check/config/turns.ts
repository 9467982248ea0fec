import { endpointOf } from "../../../record/endpoint.ts";
import type { Target } from "./targets.ts";

/**
 * What may go on at once. Targets at one port, where an app is started for one of them, are checked one after the other:
 * side by side, the one would take the other's app for its own, and lose it when that is stopped.
 * @returns the targets' places; each list is a turn
 */
export function turnsOf(targets: readonly Target[]): number[][] {
  const portOf = ({ options }: Target): number => endpointOf(options.target).port;
  const started = new Set(targets.filter(({ options }) => options.start !== null).map(portOf));
  const turns = new Map<string, number[]>();
  targets.forEach((target, i) => {
    const key = started.has(portOf(target)) ? `port ${portOf(target)}` : `target ${i}`;
    turns.set(key, [...(turns.get(key) ?? []), i]);
  });
  return [...turns.values()];
}
