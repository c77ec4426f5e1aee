package io.caravan.doctor;

/**
 * One thing that was looked at.
 *
 * @param subject a setting, a port, a model
 * @param text what was found
 * @param advice what to do about it; empty where there is nothing to do
 */
record Finding(Level level, String subject, String text, String advice) {
  /** How bad it is; only a problem makes the exit code. */
  enum Level {
    OK,
    NOTE,
    PROBLEM
  }

  static Finding ok(String subject, String text) {
    return new Finding(Level.OK, subject, text, "");
  }

  static Finding note(String subject, String text, String advice) {
    return new Finding(Level.NOTE, subject, text, advice);
  }

  static Finding problem(String subject, String text, String advice) {
    return new Finding(Level.PROBLEM, subject, text, advice);
  }
}
