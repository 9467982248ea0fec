// The public face of the package: import { check, probe } from "alb502". docs/api.md says what each does.
export type { Config } from "../command/check/config/schema.ts";
export type { Result } from "../record/result.ts";
export { EnvironmentError, UsageError } from "../run/exit.ts";
export { type CheckCallOptions, check } from "./check.ts";
export { defineConfig } from "./define-config.ts";
export { type ProbeCallOptions, probe, type ServerProbe, type ServerProbeOptions } from "./probe.ts";
export type { NodeServer, ServerSettings } from "./server-settings.ts";
