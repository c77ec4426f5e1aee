package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls that count only if nothing else follows them, with the text they were, in case something
 * does.
 */
final class TentativeCalls {
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> indexes = new ArrayList<>();
  private Channel voice;

  boolean isEmpty() {
    return indexes.isEmpty();
  }

  /** Notes calls by their places in the list of all. */
  void add(int first, int count, Channel who) {
    voice = isEmpty() ? who : voice;
    for (int i = 0; i < count; i++) {
      indexes.add(first + i);
    }
  }

  /** Whose text the first of them was. */
  Channel voice() {
    return voice;
  }

  /** Keeps what is taken out of the text, from the first tentative call on. */
  void keep(CharSequence held, int from, int to) {
    if (!isEmpty()) {
      text.append(held, from, to);
    }
  }

  /** Their text; they are taken from the calls. */
  String giveBack(List<TextScanner.Found> calls) {
    for (int i = indexes.size() - 1; i >= 0; i--) {
      calls.remove((int) indexes.get(i));
    }
    String all = text.toString();
    clear();
    return all;
  }

  void clear() {
    indexes.clear();
    text.setLength(0);
  }
}
