package io.caravan.http;

/** Why a call was broken off from this side. */
public enum AbortReason {
  /** The client has left. */
  CLIENT_GONE,
  /** No byte of an answer in time. */
  FIRST_BYTE_TIMEOUT,
  /** Silence in the middle of an answer. */
  IDLE_TIMEOUT,
  /** The whole answer took too long. */
  TOTAL_TIMEOUT,
  /** Another call has won. */
  NOT_NEEDED,
  /** The gateway is being stopped. */
  STOPPING
}
