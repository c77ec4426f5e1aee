package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/** The text that goes out, in its order, with its channels. */
final class TextRuns {
  private List<Run> runs = new ArrayList<>();

  /** Text that belongs to one channel. */
  record Run(Channel channel, StringBuilder text) {}

  void add(Channel channel, String text) {
    if (text.isEmpty()) {
      return;
    }
    Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
    if (last == null || last.channel() != channel) {
      last = new Run(channel, new StringBuilder());
      runs.add(last);
    }
    last.text().append(text);
  }

  void addAll(TextRuns others) {
    others.runs.forEach(run -> add(run.channel(), run.text().toString()));
  }

  List<Run> list() {
    return runs;
  }

  /** Returns whether there is a character that isn't blank. */
  boolean hasText() {
    return runs.stream().anyMatch(run -> MarkupText.blanks(run.text(), 0) < run.text().length());
  }

  /** Returns all runs and removes them from here. */
  TextRuns take() {
    TextRuns taken = new TextRuns();
    taken.runs = runs;
    runs = new ArrayList<>();
    return taken;
  }
}
