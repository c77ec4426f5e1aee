package io.caravan.scout;

import java.time.Duration;

/**
 * The reason for which a call failed.
 *
 * @param kind what follows from it
 * @param words the reason for a person, without control characters
 * @param pause the time that the upstream asks for; zero if it names none
 */
record Fault(Kind kind, String words, Duration pause) {
  /** The consequence of a failed call. */
  enum Kind {
    /** The model does not work: it is gone, down, or refuses the request. */
    MODEL,
    /** Another call may succeed. */
    TEMPORARY,
    /** Nothing came in time. */
    SILENT,
    /** The account may make no call now. */
    LIMITED,
    /** The upstream refuses the account: every other call would fail, too. */
    ACCOUNT,
    /** The upstream forbids the call. It may be about the model, or about the account. */
    FORBIDDEN
  }

  Fault(Kind kind, String words) {
    this(kind, words, Duration.ZERO);
  }
}
