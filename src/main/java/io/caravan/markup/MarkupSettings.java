package io.caravan.markup;

import io.caravan.json.RawJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the recovery of tool calls from text goes by, for one message.
 *
 * @param families the names of the ways of writing that are looked for, out of {@link
 *     #allFamilies()}; empty to switch the recovery off
 * @param tools the declared tools: the names as they were sent upstream, with the JSON schema of
 *     the input or null. Empty where none were declared or {@code tool_choice} was {@code none};
 *     then nothing is looked for.
 * @param model the upstream's model, or null to go by what the chunks name; the family {@code
 *     harmony-text} is looked for only in a gpt-oss, since its tokens are words
 */
public record MarkupSettings(Set<String> families, Map<String, RawJson> tools, String model) {
  private static final Set<String> ALL = Collections.unmodifiableSet(MarkupFamilies.names());

  /**
   * @throws IllegalArgumentException where a family isn't known
   */
  public MarkupSettings {
    families = Set.copyOf(families);
    Markers.of(families);
    tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
  }

  /** The names of all families, in the order in which they are tried. */
  public static Set<String> allFamilies() {
    return ALL;
  }
}
