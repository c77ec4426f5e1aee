package io.caravan.tokens;

/**
 * The moving average of a model's ratios of actual to estimated tokens.
 *
 * @param outliers the number of samples in a row that were too far off to count
 */
record Average(double ratio, int outliers) {
  /**
   * The least ratio. No two vocabularies in use differ more than these bounds on real
   * conversations.
   */
  private static final double LEAST = 0.5;

  private static final double MOST = 2.5;

  /** The factor by which a sample must differ from the average to be an outlier. */
  private static final double FAR = 3;

  /** The number of outliers in a row that replaces the average, since it must have been wrong. */
  private static final int PERSISTENT = 5;

  static Average of(double ratio) {
    return new Average(clamp(ratio), 0);
  }

  static double clamp(double ratio) {
    return Math.max(LEAST, Math.min(MOST, ratio));
  }

  /** Returns the average after another sample. */
  Average with(double sample, double weight) {
    boolean far = sample > ratio * FAR || sample * FAR < ratio;
    if (!far) {
      return new Average(ratio + weight * (clamp(sample) - ratio), 0);
    }
    return outliers + 1 < PERSISTENT ? new Average(ratio, outliers + 1) : of(sample);
  }
}
