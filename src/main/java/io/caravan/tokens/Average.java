package io.caravan.tokens;

/**
 * The moving average of a model's ratios of actual to estimated tokens.
 *
 * @param outliers how many samples in a row were too far off to count
 */
record Average(double ratio, int outliers) {
  /** No vocabulary in use differs more from another on real conversations. */
  private static final double LEAST = 0.5;

  private static final double MOST = 2.5;

  /** A sample this many times off the average is passed over… */
  private static final double FAR = 3;

  /** …but so many in a row are the truth, and the average was wrong. */
  private static final int PERSISTENT = 5;

  static Average of(double ratio) {
    return new Average(clamp(ratio), 0);
  }

  static double clamp(double ratio) {
    return Math.max(LEAST, Math.min(MOST, ratio));
  }

  /** The average after another sample. */
  Average with(double sample, double weight) {
    boolean far = sample > ratio * FAR || sample * FAR < ratio;
    if (!far) {
      return new Average(ratio + weight * (clamp(sample) - ratio), 0);
    }
    return outliers + 1 < PERSISTENT ? new Average(ratio, outliers + 1) : of(sample);
  }
}
