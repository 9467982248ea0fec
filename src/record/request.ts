/** The request that is sent, again and again, to somebody's own app. */
export interface AppRequest {
  method: string;
  /** Path and query. */
  path: string;
  /** Names as given; values may be secrets, and are never printed. */
  headers: readonly Header[];
  body: string | null;
}

export type Header = readonly [name: string, value: string];

/** A path whose query is left out. */
export const pathOnly = (path: string): string => path.replace(/\?.*$/s, "?...");
