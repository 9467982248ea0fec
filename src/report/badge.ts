import type { Result } from "../record/result.ts";
import { levelOf } from "./github.ts";

/**
 * badge.json, for a README: what https://img.shields.io/endpoint?url=... draws a badge of.
 * https://shields.io/badges/endpoint-badge has its fields.
 */
export const badgeJson = (result: Result): string =>
  `${JSON.stringify({
    schemaVersion: 1,
    label: "ALB 502",
    message: result.verdict,
    color: COLORS[levelOf(result)],
  })}\n`;

/** An inconclusive run is no failure of the app, and never green. */
const COLORS = { notice: "brightgreen", warning: "lightgrey", error: "red" };
