import type { Software } from "./recognise.ts";

/** The target's name, as the beginning of a sentence: "Node", "The target (probably Node)", or "The target". */
export function subjectOf(software: Software | null): string {
  if (software === null) return "The target";
  return software.sure ? software.title : `The target (probably ${software.title})`;
}
