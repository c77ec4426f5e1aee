package io.caravan.markup;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lists all families: those that are described by strings, and those with a grammar of their own.
 */
final class MarkupFamilies {
  /** The family whose tokens are words. It is for models that are known to write them. */
  static final String HARMONY_TEXT = "harmony-text";

  private static final List<MarkupFamily> ALL = all();

  private MarkupFamilies() {}

  private static List<MarkupFamily> all() {
    List<MarkupFamily> all = new ArrayList<>(described(MarkupDocument.bundled()));
    all.addAll(
        List.of(
            new KimiMarkup(),
            new KimiK3Markup(),
            new DeepSeekMarkup(),
            new DsmlMarkup(),
            new MiniMaxM3Markup(),
            new MistralMarkup(),
            new HarmonyMarkup(),
            new HarmonyTextMarkup(),
            new GemmaMarkup(),
            new WholeAnswerMarkup()));
    return all;
  }

  /** Returns the families of these documents. Those that describe reasoning only have none. */
  private static List<MarkupFamily> described(List<MarkupDocument> documents) {
    List<MarkupFamily> families = new ArrayList<>();
    for (MarkupDocument document : documents) {
      document.check();
      if (!document.call().isEmpty()) {
        families.add(new DocumentMarkup(document));
      }
    }
    return families;
  }

  /** Returns the names of all bundled families in the order in which they are tried. */
  static Set<String> names() {
    return ALL.stream()
        .map(MarkupFamily::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Returns the families of these names, and those of further documents before them.
   *
   * @throws IllegalArgumentException if a name is unknown, or a document can't be used
   */
  static List<MarkupFamily> named(Set<String> names, List<MarkupDocument> documents) {
    if (!names().containsAll(names)) {
      throw new IllegalArgumentException(
          "Unknown markup family in " + names + "; known are " + names());
    }
    List<MarkupFamily> families = new ArrayList<>(described(documents));
    ALL.stream().filter(family -> names.contains(family.name())).forEach(families::add);
    return families;
  }
}
