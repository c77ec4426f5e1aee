package io.caravan.markup;

import io.caravan.json.RawJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the recovery of tool calls from text goes by, for one message.
 *
 * @param families the names of the ways of writing that are looked for, out of {@link
 *     #allFamilies()}; empty to switch the recovery off
 * @param tools the declared tools: the names as they were sent upstream, with the JSON schema of
 *     the input or null. Empty where none were declared or {@code tool_choice} was {@code none};
 *     then nothing is looked for.
 */
public record MarkupSettings(Set<String> families, Map<String, RawJson> tools) {
  private static final Set<String> ALL = Collections.unmodifiableSet(MarkupFamilies.names());

  /**
   * @throws IllegalArgumentException where a family isn't known
   */
  public MarkupSettings {
    MarkupFamilies.named(families);
    families = Set.copyOf(families);
    tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
  }

  /** The names of all families, in the order in which they are tried. */
  public static Set<String> allFamilies() {
    return ALL;
  }

  /** The families to look for in the answers of a model, which may be null. */
  Set<String> familiesOf(String model) {
    boolean gptOss = model != null && model.toLowerCase(Locale.ROOT).contains("gpt-oss");
    if (gptOss || !families.contains(MarkupFamilies.HARMONY_TEXT)) {
      return families;
    }
    return families.stream()
        .filter(name -> !name.equals(MarkupFamilies.HARMONY_TEXT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
