package io.caravan.translate.response;

import java.util.ArrayList;
import java.util.List;

/**
 * The tags between which a model writes its reasoning if no server takes it out.
 *
 * @param open the tag at the beginning of a text, for example {@code <think>}
 * @param close the tag that ends the reasoning
 */
public record ThinkTag(String open, String close) {
  /** The tags that many models share. */
  static final List<ThinkTag> COMMON =
      List.of(
          new ThinkTag("<think>", "</think>"),
          new ThinkTag("<thinking>", "</thinking>"),
          new ThinkTag("<thought>", "</thought>"),
          new ThinkTag("[THINK]", "[/THINK]"));

  /** Returns the common tags and these. */
  public static List<ThinkTag> withCommon(List<ThinkTag> others) {
    List<ThinkTag> all = new ArrayList<>(COMMON);
    all.addAll(others);
    return List.copyOf(all);
  }
}
