import type { Experiment } from "../experiment.ts";
import { expressDefault } from "./express.ts";
import { uwsgiAsPosted } from "./uwsgi.ts";

/** In the order in which they are listed. */
export const EXPERIMENTS: readonly Experiment[] = [expressDefault, uwsgiAsPosted];
