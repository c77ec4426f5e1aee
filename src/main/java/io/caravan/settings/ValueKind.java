package io.caravan.settings;

import java.util.regex.Pattern;

/** The kind of a setting's values, which its default shows. */
enum ValueKind {
  /** Whole numbers; times are in milliseconds. */
  NUMBER("\\d{1,18}", "a number"),
  SWITCH("(?i)true|false", "true or false"),
  /** Camel's durations. */
  DURATION("(\\d+(ms|[smhd])?)+", "a time such as 12h or 7d"),
  ANY("(?s).*", "");

  private static final Pattern WITH_UNIT = Pattern.compile("(?i)\\d+\\s*[a-z]{1,7}");

  private static final Pattern FRACTION = Pattern.compile("\\d+[.,]\\d+");

  @SuppressWarnings("ImmutableEnumChecker") // A compiled pattern.
  private final Pattern form;

  private final String words;

  ValueKind(String form, String words) {
    this.form = Pattern.compile(form);
    this.words = words;
  }

  /** Returns the kind of the values of a setting by its default. */
  static ValueKind of(String standard) {
    for (ValueKind kind : values()) {
      if (!standard.isEmpty() && kind.form.matcher(standard).matches()) {
        return kind;
      }
    }
    return ANY;
  }

  /** Returns what a value must be, or null if it is of this kind. */
  String fault(String value) {
    if (form.matcher(value.strip()).matches()) {
      return null;
    }
    if (this != NUMBER) {
      return words;
    }
    String text = value.strip();
    return FRACTION.matcher(text).matches()
        ? "a whole number"
        : words
            + (WITH_UNIT.matcher(text).matches() ? " without a unit" : "")
            + (text.startsWith("-") ? " from 0 on" : "");
  }
}
