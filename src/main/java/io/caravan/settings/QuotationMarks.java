package io.caravan.settings;

/** The quotation marks around a value that a shell or a file has kept. */
public final class QuotationMarks {
  private static final String MARKS = "[\"'`“”„‘’«»]+";

  private QuotationMarks() {}

  /** Returns whether a value begins or ends with one. */
  public static boolean isIn(String value) {
    return !without(value).equals(value);
  }

  /** Returns a value without those that it begins or ends with. */
  public static String without(String value) {
    return value.replaceAll("^" + MARKS + "|" + MARKS + "$", "");
  }
}
