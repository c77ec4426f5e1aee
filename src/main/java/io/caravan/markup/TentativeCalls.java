package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls that count only if nothing else follows them. Their text is kept in case something does.
 */
final class TentativeCalls {
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> indexes = new ArrayList<>();
  private Channel channel;

  boolean isEmpty() {
    return indexes.isEmpty();
  }

  /** Adds calls by their places in the list of all calls. */
  void add(int first, int count, Channel channel) {
    this.channel = isEmpty() ? channel : this.channel;
    for (int i = 0; i < count; i++) {
      indexes.add(first + i);
    }
  }

  /** Returns the channel that the first of them was written in. */
  Channel channel() {
    return channel;
  }

  /** Keeps text that is taken out, from the first tentative call on. */
  void keep(CharSequence held, int from, int to) {
    if (!isEmpty()) {
      text.append(held, from, to);
    }
  }

  /** Removes these calls from the list of all calls, and returns their text. */
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
