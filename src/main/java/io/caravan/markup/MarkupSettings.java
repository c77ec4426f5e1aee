package io.caravan.markup;

import io.caravan.json.RawJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings by which the tool calls of one message are recovered from text.
 *
 * @param families the names of the families that are looked for, out of {@link #allFamilies()}; an
 *     empty set switches the recovery off
 * @param documents further families beside those; they are looked for whatever the names are
 * @param tools the declared tools: the names as they were sent upstream, each with the JSON schema
 *     of the input or null. If none were declared or {@code tool_choice} was {@code none}, the map
 *     is empty and nothing is looked for.
 * @param model the upstream's model, or null to use the name in the chunks; the family {@code
 *     harmony-text} is looked for only in a gpt-oss, since its tokens are words
 */
public record MarkupSettings(
    Set<String> families,
    List<MarkupDocument> documents,
    Map<String, RawJson> tools,
    String model) {
  /** The family that takes a whole response for a call if it is nothing else. */
  public static final String WHOLE_ANSWER = WholeAnswerMarkup.NAME;

  private static final Set<String> ALL = Collections.unmodifiableSet(MarkupFamilies.names());

  /**
   * @throws IllegalArgumentException if a family is unknown, or a document can't be used
   */
  public MarkupSettings {
    families = Set.copyOf(families);
    documents = List.copyOf(documents);
    Markers.of(families, documents);
    tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
  }

  /**
   * Makes settings without further families.
   *
   * @throws IllegalArgumentException if a family is unknown
   */
  public MarkupSettings(Set<String> families, Map<String, RawJson> tools, String model) {
    this(families, List.of(), tools, model);
  }

  /** Returns the names of all families in the order in which they are tried. */
  public static Set<String> allFamilies() {
    return ALL;
  }
}
