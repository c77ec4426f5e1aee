package io.caravan.tokens;

import java.util.List;

/** Lists that may be absent. */
final class Lists {
  private Lists() {}

  static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
