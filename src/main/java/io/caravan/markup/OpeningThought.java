package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the end of the reasoning that a content begins with if no server takes it out. A call
 * behind it is the whole answer all the same.
 */
final class OpeningThought {
  /** The tags on both sides of reasoning: those that many models share come first. */
  private final List<String[]> tags = new ArrayList<>();

  /** The content's beginning as long as it may be a tag, then the end of what has come. */
  private String seen = "";

  /** The tag that ends the reasoning; null before it has begun. */
  private String close;

  private boolean over;

  OpeningThought(List<MarkupDocument> documents) {
    tags.add(new String[] {"<think>", "</think>"});
    tags.add(new String[] {"<thinking>", "</thinking>"});
    tags.add(new String[] {"<thought>", "</thought>"});
    tags.add(new String[] {"[THINK]", "[/THINK]"});
    for (MarkupDocument document : documents) {
      if (!document.getThinkOpen().isEmpty()) {
        tags.add(new String[] {document.getThinkOpen(), document.getThinkClose()});
      }
    }
  }

  /** Returns whether there is no reasoning, or it has ended. */
  boolean isOver() {
    return over;
  }

  /** Returns the index behind the end of the reasoning in the next piece of content, or -1. */
  int end(String piece) {
    String text = seen + piece;
    if (close == null && !begin(text)) {
      return -1;
    }
    int at = text.indexOf(close);
    if (at >= 0) {
      over = true;
      return at + close.length() - (text.length() - piece.length());
    }
    seen = text.substring(Math.max(0, text.length() - close.length() + 1));
    return -1;
  }

  private boolean begin(String text) {
    String begun = text.stripLeading();
    boolean possible = false;
    for (String[] tag : tags) {
      if (begun.startsWith(tag[0])) {
        close = tag[1];
        return true;
      }
      possible |= tag[0].startsWith(begun);
    }
    over = !possible;
    seen = begun;
    return false;
  }
}
