/**
 * A request that meets a close is lost within a round trip; longer than this beyond it the app had it in hand, and closed
 * in the middle of its work. ms.
 */
export const IN_FLIGHT_MS = 30;
