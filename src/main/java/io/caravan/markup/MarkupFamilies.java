package io.caravan.markup;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists all families. A new one is added here. */
final class MarkupFamilies {
  /** The family whose tokens are words. It is for models that are known to write them. */
  static final String HARMONY_TEXT = "harmony-text";

  private static final List<MarkupFamily> ALL =
      List.of(
          new HermesMarkup(),
          new QwenMarkup(),
          new LlamaMarkup(),
          new GlmMarkup(),
          new NemotronMarkup(),
          new KimiMarkup(),
          new KimiK3Markup(),
          new DeepSeekMarkup(),
          new DsmlMarkup(),
          new MiniMaxMarkup(),
          new MiniMaxM3Markup(),
          new MistralMarkup(),
          new HarmonyMarkup(),
          new HarmonyTextMarkup(),
          new GemmaMarkup(),
          new BulletMarkup());

  private MarkupFamilies() {}

  /** Returns the names of all families in the order in which they are tried. */
  static Set<String> names() {
    return ALL.stream()
        .map(MarkupFamily::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Returns the families of these names.
   *
   * @throws IllegalArgumentException if a name is unknown
   */
  static List<MarkupFamily> named(Set<String> names) {
    if (!names().containsAll(names)) {
      throw new IllegalArgumentException(
          "Unknown markup family in " + names + "; known are " + names());
    }
    return ALL.stream().filter(family -> names.contains(family.name())).toList();
  }
}
