package io.caravan.provider;

import io.caravan.openai.CommaSeparated;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The upstream's name for each effort of Anthropic's protocol. */
public final class Efforts {
  /** The efforts from the least to the most; {@code none} and {@code minimal} are OpenAI's. */
  private static final List<String> ORDER =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private final Map<String, String> names;
  private final String least;

  private Efforts(Map<String, String> names) {
    this.names = names;
    this.least = ORDER.stream().filter(names::containsKey).findFirst().map(names::get).orElse(null);
  }

  /** Returns the efforts of a provider that lists none. */
  static String defaultFor(ReasoningSwitch reasoning) {
    return switch (reasoning) {
      case REASONING_EFFORT, OPENROUTER -> "low,medium,high";
      default -> "";
    };
  }

  /**
   * Reads a list like {@code none,low,medium=high,high}.
   *
   * @throws IllegalArgumentException if an effort doesn't exist
   */
  static Efforts parse(String list) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String entry : CommaSeparated.of(list)) {
      int equals = entry.indexOf('=');
      String effort = equals < 0 ? entry : entry.substring(0, equals).strip();
      if (!ORDER.contains(effort)) {
        throw new IllegalArgumentException("efforts: there is no effort " + effort);
      }
      names.put(effort, equals < 0 ? entry : entry.substring(equals + 1).strip());
    }
    return new Efforts(names);
  }

  /** Returns whether the upstream can be told by its effort not to think. */
  public boolean hasNone() {
    return names.containsKey("none");
  }

  /** Returns whether an effort is listed under its own name. */
  public boolean lists(String effort) {
    return names.containsKey(effort);
  }

  /** Returns whether the upstream accepts no effort at all. */
  public boolean isEmpty() {
    return names.isEmpty();
  }

  /**
   * Returns the upstream's name for an effort: its own if it is listed, else that of the next
   * higher listed one, else that of the highest. {@code none} never replaces another one.
   *
   * @return the name, or null if the upstream accepts no effort, or the effort is unknown
   */
  public String of(String effort) {
    int rank = ORDER.indexOf(effort);
    if (rank < 0) {
      return null;
    }
    for (int i = rank; i < ORDER.size(); i++) {
      if (names.containsKey(ORDER.get(i))) {
        return names.get(ORDER.get(i));
      }
    }
    for (int i = rank - 1; i > 0; i--) {
      if (names.containsKey(ORDER.get(i))) {
        return names.get(ORDER.get(i));
      }
    }
    return null;
  }

  /**
   * Returns the upstream's name for the least effort that it accepts, {@code none} if possible;
   * null for no effort.
   */
  public String least() {
    return least;
  }
}
