/** An hour's name is how a time begins. */
export const HOUR_LENGTH = "2018-07-02T22".length;
