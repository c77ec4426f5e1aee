package io.caravan.http;

/** The reason for which this side has aborted a call. */
public enum AbortReason {
  /** The client has left. */
  CLIENT_GONE,
  /** No byte of a response came in time. */
  FIRST_BYTE_TIMEOUT,
  /** The upstream fell silent in the middle of a response. */
  IDLE_TIMEOUT,
  /** The whole response took too long. */
  TOTAL_TIMEOUT,
  /** The rest of the response, or the call itself, is not needed. */
  NOT_NEEDED,
  /** The gateway is shutting down. */
  STOPPING
}
