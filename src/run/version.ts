import { createRequire } from "node:module";

/** This project's own version. */
export const VERSION = (createRequire(import.meta.url)("../../package.json") as { version: string }).version;
