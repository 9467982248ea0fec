import type { Experiment } from "../experiment.ts";
import { expressDefault } from "./express.ts";
import { gateway } from "./gateway.ts";
import { gunicornKeepAlive } from "./gunicorn.ts";
import { nginx } from "./nginx.ts";
import { uwsgiAsPosted } from "./uwsgi.ts";

/** In the order in which they are listed. */
export const EXPERIMENTS: readonly Experiment[] = [expressDefault, gunicornKeepAlive, uwsgiAsPosted, gateway, nginx];
