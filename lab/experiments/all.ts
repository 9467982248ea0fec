import type { Experiment } from "../experiment.ts";
import { busyLoop } from "./busy-loop.ts";
import { caddy } from "./caddy.ts";
import { deploy } from "./deploy.ts";
import { expressDefault } from "./express.ts";
import { fixes } from "./fixes.ts";
import { frameworks } from "./frameworks.ts";
import { gateway } from "./gateway.ts";
import { gunicornKeepAlive } from "./gunicorn.ts";
import { headersTimeout } from "./headers-timeout.ts";
import { k6Article } from "./k6-article.ts";
import { nginx } from "./nginx.ts";
import { keepAliveBuffer, nodeVersions } from "./node-versions.ts";
import { sticky } from "./sticky.ts";
import { targetGroup } from "./target-group.ts";
import { thinMargin } from "./thin-margin.ts";
import { uwsgiAsPosted } from "./uwsgi.ts";

/** In the order in which they are listed. */
export const EXPERIMENTS: readonly Experiment[] = [
  k6Article,
  expressDefault,
  nodeVersions,
  headersTimeout,
  sticky,
  gunicornKeepAlive,
  uwsgiAsPosted,
  gateway,
  fixes,
  nginx,
  caddy,
  frameworks,
  keepAliveBuffer,
  targetGroup,
  thinMargin,
  busyLoop,
  deploy,
];
