import type { Traffic } from "../../scenarios/lib/arrivals.ts";

/** What is measured: a shape, at a rate, over a network. */
export interface Cell {
  traffic: Traffic;
  rttMs: number;
}

export interface Seen extends Cell {
  /** As measured before the traffic, which is what the prediction takes. */
  measuredRttMs: number;
  requests: number;
  lost: number;
  /** The model's share times the requests. */
  predicted: number;
  /** The 95 % interval of the mean of which `lost` was seen. */
  low: number;
  high: number;
}
