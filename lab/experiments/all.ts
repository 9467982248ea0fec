import type { Experiment } from "../experiment.ts";
import { deploy } from "./deploy.ts";
import { expressDefault } from "./express.ts";
import { gateway } from "./gateway.ts";
import { gunicornKeepAlive } from "./gunicorn.ts";
import { headersTimeout } from "./headers-timeout.ts";
import { nginx } from "./nginx.ts";
import { keepAliveBuffer, nodeVersions } from "./node-versions.ts";
import { sticky } from "./sticky.ts";
import { targetGroup } from "./target-group.ts";
import { uwsgiAsPosted } from "./uwsgi.ts";

/** In the order in which they are listed. */
export const EXPERIMENTS: readonly Experiment[] = [
  expressDefault,
  nodeVersions,
  headersTimeout,
  sticky,
  gunicornKeepAlive,
  uwsgiAsPosted,
  gateway,
  nginx,
  keepAliveBuffer,
  targetGroup,
  deploy,
];
