import { z } from "zod";
import { prepareFolder, writeTogether } from "../../report/write.ts";
import type { Folder } from "../define.ts";

/** Raised when a field changes its meaning or goes; a new field alone does not raise it. */
export const DOCTOR_SCHEMA = "alb502/doctor/1";

const findingSchema = z.object({
  name: z.string(),
  /** What it is for, as a clause: "sends the traffic". */
  purpose: z.string(),
  /** on-first-use: not there, but the set-up gets it by itself. missing: somebody has to get it. */
  status: z.enum(["found", "on-first-use", "missing", "optional"]),
  version: z.string().nullable(),
  path: z.string().nullable(),
  /** Of HAProxy, k6 and Toxiproxy, where they were found: fetched and built ones are in the cache. */
  origin: z.enum(["environment", "PATH", "fetched", "built"]).nullish(),
  /** How to get it, or what is wrong with it; null when it was found. */
  get: z.string().nullable(),
});

/** doctor.json. */
export const doctorSchema = z.object({
  schema: z.literal(DOCTOR_SCHEMA),
  /** Whether the demo can run, the set-up getting what it can: `native` or `docker`. */
  ok: z.boolean(),
  /** With this machine's own programs. */
  native: z.boolean(),
  /** In containers. */
  docker: z.boolean(),
  parts: z.array(findingSchema),
  /** What a killed run had left behind and is gone now, in words; null when there was nothing. */
  removed: z.string().nullable(),
});

export type Finding = z.infer<typeof findingSchema>;
export type DoctorReport = z.infer<typeof doctorSchema>;

/** doctor.json's text: what --out keeps and --json prints are the same bytes. */
export const doctorJson = (report: DoctorReport): string => `${JSON.stringify(doctorSchema.parse(report), null, 2)}\n`;

/** What --out keeps. */
export const DOCTOR_FOLDER: Folder<DoctorReport, unknown> = {
  prepare: (path) => prepareFolder(path, ["doctor.json"]),
  write: (path, report) => writeTogether(path, { "doctor.json": doctorJson(report) }),
};
