package io.caravan.provider;

import io.caravan.openai.CommaSeparated;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an upstream calls each effort of Anthropic's protocol. */
public final class Efforts {
  /** From the least to the most; {@code none} and {@code minimal} are OpenAI's. */
  private static final List<String> ORDER =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private final Map<String, String> names;

  private Efforts(Map<String, String> names) {
    this.names = names;
  }

  /** What is taken where nothing is said. */
  static String defaultFor(ReasoningSwitch reasoning) {
    return switch (reasoning) {
      case REASONING_EFFORT, OPENROUTER -> "low,medium,high";
      default -> "";
    };
  }

  /**
   * Reads a list like {@code none,low,medium=high,high}.
   *
   * @throws IllegalArgumentException for an effort that doesn't exist
   */
  static Efforts parse(String list) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String entry : CommaSeparated.ofCommaSeparated(list)) {
      int equals = entry.indexOf('=');
      String effort = equals < 0 ? entry : entry.substring(0, equals).strip();
      if (!ORDER.contains(effort)) {
        throw new IllegalArgumentException("efforts: there is no effort " + effort);
      }
      names.put(effort, equals < 0 ? entry : entry.substring(equals + 1).strip());
    }
    return new Efforts(names);
  }

  /** Whether the upstream can be told not to think by its effort. */
  public boolean hasNone() {
    return names.containsKey("none");
  }

  /** Whether the upstream takes no effort at all. */
  public boolean isEmpty() {
    return names.isEmpty();
  }

  /**
   * The upstream's name for an effort: its own where it is listed, else that of the next higher one
   * that is, else of the highest. {@code none} is never chosen in place of another.
   *
   * @return null where the upstream takes no effort, or the effort isn't known
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
   * The upstream's name for the least effort it takes, {@code none} if it can; null for no effort.
   */
  public String least() {
    return ORDER.stream().filter(names::containsKey).findFirst().map(names::get).orElse(null);
  }
}
