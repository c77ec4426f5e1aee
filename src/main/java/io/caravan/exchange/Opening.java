package io.caravan.exchange;

import io.caravan.openai.UpstreamError;

/**
 * What one payload at the beginning of an upstream's stream shows.
 *
 * @param sign whether there is content, or will be none
 * @param error what the upstream reported in it, or null
 */
public record Opening(Sign sign, UpstreamError error) {
  public static final Opening NOTHING = new Opening(Sign.NOTHING, null);
  public static final Opening CONTENT = new Opening(Sign.CONTENT, null);
  public static final Opening END = new Opening(Sign.END, null);

  /** What a payload shows. */
  public enum Sign {
    /** Nothing yet: a role, a comment, an empty delta. */
    NOTHING,
    /** Content, or a finish reason. */
    CONTENT,
    /** The stream's end, or an error: the call has failed. */
    END
  }

  /** Returns the opening of a stream that reports an error. */
  public static Opening failed(UpstreamError error) {
    return new Opening(Sign.END, error);
  }
}
