package io.caravan.doctor;

/**
 * The result of one check.
 *
 * @param subject a setting, a port or a model
 * @param text the result
 * @param advice the change to make; empty if none is necessary
 */
public record Finding(Level level, String subject, String text, String advice) {
  /** The severity; only a problem changes the exit code. */
  public enum Level {
    OK,
    NOTE,
    PROBLEM
  }

  /** Returns a finding of what is as it should be. */
  public static Finding ok(String subject, String text) {
    return new Finding(Level.OK, subject, text, "");
  }

  /** Returns a finding that is worth knowing. */
  public static Finding note(String subject, String text, String advice) {
    return new Finding(Level.NOTE, subject, text, advice);
  }

  /** Returns a finding of what does not work. */
  public static Finding problem(String subject, String text, String advice) {
    return new Finding(Level.PROBLEM, subject, text, advice);
  }
}
