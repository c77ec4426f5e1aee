package io.caravan.corpus;

import java.util.List;

/** The cases that a run of the tests is to try: all, or those that {@code -Dcase=TEXT} names. */
public final class Chosen {
  private static final String PROPERTY = "case";

  private Chosen() {}

  /**
   * Returns those of the cases that are to be tried.
   *
   * @throws IllegalArgumentException if the corpus has no case of that name in any group
   */
  public static <C extends Case> List<C> of(List<C> cases) {
    return of(cases, System.getProperty(PROPERTY, ""));
  }

  static <C extends Case> List<C> of(List<C> cases, String text) {
    boolean known =
        CorpusFiles.groups().stream()
            .flatMap(group -> CorpusFiles.of(group).stream())
            .anyMatch(file -> CorpusFiles.id(file).contains(text));
    if (!known) {
      throw new IllegalArgumentException("-Dcase=" + text + " is in no GROUP/NAME of the corpus");
    }
    return cases.stream().filter(each -> each.id().contains(text)).toList();
  }
}
