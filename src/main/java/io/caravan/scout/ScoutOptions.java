package io.caravan.scout;

import java.nio.file.Path;
import java.util.List;

/**
 * The options of the command.
 *
 * @param provider the provider's name; empty for that of the default model
 * @param json whether the report is one JSON object
 * @param pace the calls a minute that the account has
 * @param timeoutSeconds the seconds within which a token must come
 * @param only a part of the ids that are tried; empty for all
 * @param out the file for the cards; null for one in {@code routes/providers}
 * @param yes whether nothing is asked
 * @param fresh whether an unfinished run is forgotten
 */
record ScoutOptions(
    String provider,
    boolean json,
    int pace,
    int timeoutSeconds,
    String only,
    Path out,
    boolean yes,
    boolean fresh) {
  private static final int PACE = 40;
  private static final int TIMEOUT = 45;

  /**
   * Reads the arguments of the command.
   *
   * @throws IllegalArgumentException if one is wrong; the message names it
   */
  static ScoutOptions of(List<String> arguments) {
    String provider = "";
    boolean json = false;
    boolean yes = false;
    boolean fresh = false;
    int pace = PACE;
    int timeout = TIMEOUT;
    String only = "";
    Path out = null;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--json" -> json = true;
        case "--yes" -> yes = true;
        case "--fresh" -> fresh = true;
        case "--pace" -> pace = number(argument, value(arguments, ++i));
        case "--timeout" -> timeout = number(argument, value(arguments, ++i));
        case "--only" -> only = value(arguments, ++i);
        case "--out" -> out = Path.of(value(arguments, ++i));
        default -> {
          if (argument.startsWith("-") || !provider.isEmpty()) {
            throw new IllegalArgumentException("scout has no option " + argument);
          }
          provider = argument;
        }
      }
    }
    return new ScoutOptions(provider, json, pace, timeout, only, out, yes, fresh);
  }

  private static String value(List<String> arguments, int i) {
    if (i >= arguments.size()) {
      throw new IllegalArgumentException(arguments.get(i - 1) + " needs a value");
    }
    return arguments.get(i);
  }

  private static int number(String option, String value) {
    if (!value.matches("[1-9]\\d{0,6}")) {
      throw new IllegalArgumentException(option + " is no number above 0: " + value);
    }
    return Integer.parseInt(value);
  }
}
