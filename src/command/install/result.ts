import { z } from "zod";
import { prepareFolder, writeTogether } from "../../report/write.ts";
import type { Folder } from "../define.ts";

/** Raised when a field changes its meaning or goes; a new field alone does not raise it. */
const INSTALL_SCHEMA = "alb502/install/1";

const partSchema = z.object({
  name: z.enum(["haproxy", "k6", "toxiproxy"]),
  /** null where it could not be had. */
  version: z.string().nullable(),
  path: z.string().nullable(),
  /** environment: named by its variable; fetched, built: kept in the cache, now or before; installed: just now. */
  origin: z.enum(["environment", "PATH", "fetched", "built", "installed"]).nullable(),
  /** Why it could not be had, and what to do; null where it is there. */
  missing: z.string().nullable(),
});

/** install.json. */
export const installSchema = z.object({
  schema: z.literal(INSTALL_SCHEMA),
  ok: z.boolean(),
  /** The folder to keep between a CI's runs; not made where nothing had to be put there. */
  cache: z.string(),
  parts: z.array(partSchema),
});

export type InstalledPart = z.infer<typeof partSchema>;
export type InstallReport = z.infer<typeof installSchema>;

export const installReport = (cache: string, parts: InstalledPart[]): InstallReport => ({
  schema: INSTALL_SCHEMA,
  ok: parts.every(({ missing }) => missing === null),
  cache,
  parts,
});

/** install.json's text: what --out keeps and --json prints are the same bytes. */
export const installJson = (report: InstallReport): string =>
  `${JSON.stringify(installSchema.parse(report), null, 2)}\n`;

/** What --out keeps. */
export const INSTALL_FOLDER: Folder<InstallReport, unknown> = {
  prepare: (path) => prepareFolder(path, ["install.json"]),
  write: (path, report) => writeTogether(path, { "install.json": installJson(report) }),
};
