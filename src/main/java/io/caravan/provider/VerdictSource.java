package io.caravan.provider;

/** The source of the verdicts on tool calls that a request's {@code safeguards} ask for. */
public enum VerdictSource {
  /** The gateway's own judge. */
  JUDGE,
  /** The upstream, which gets the request's field and whose results are passed on. */
  PASS
}
