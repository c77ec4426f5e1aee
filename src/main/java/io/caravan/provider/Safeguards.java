package io.caravan.provider;

/** Who gives the verdicts on tool calls that a request's {@code safeguards} ask for. */
public enum Safeguards {
  /** The gateway's own judge. */
  JUDGE,
  /** The upstream, which gets the request's field and whose results are passed on. */
  PASS
}
