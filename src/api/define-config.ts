import type { Config } from "../command/check/config/schema.ts";

/** For alb502.config.ts: the config as it is, and its type for the editor. docs/config.md */
export const defineConfig = (config: Config): Config => config;
