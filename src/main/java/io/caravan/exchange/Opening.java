package io.caravan.exchange;

import io.caravan.openai.UpstreamError;

/**
 * The outcome of a call, as far as one payload at the beginning of its stream shows it.
 *
 * @param sign the outcome
 * @param error the error that the upstream has reported, or null
 */
public record Opening(Sign sign, UpstreamError error) {
  /** A payload that leaves the outcome open. */
  public static final Opening NOTHING = new Opening(Sign.NOTHING, null);

  /** A payload with content. */
  public static final Opening CONTENT = new Opening(Sign.CONTENT, null);

  /** The end of a stream that had no content. */
  public static final Opening END = new Opening(Sign.END, null);

  /** The outcome of a call. */
  public enum Sign {
    /** It is still open: the payload is a role, a comment or an empty delta. */
    NOTHING,
    /** The call has succeeded: there is content or a finish reason. */
    CONTENT,
    /** The call has failed: the stream has ended, or an error came. */
    END
  }

  /** Returns the outcome of a call whose stream reports an error. */
  public static Opening failed(UpstreamError error) {
    return new Opening(Sign.END, error);
  }
}
