package io.caravan.translate.response;

import io.caravan.anthropic.Event;

/**
 * A text block. Its first text is never only white space, which {@link StreamTranslator} holds
 * back.
 */
final class TextSegment extends Segment {
  private final StringBuilder waiting = new StringBuilder();

  void add(String text, BlockQueue out) {
    boolean direct =
        isStarted()
            && waiting.length() == 0
            && out.isFirst(this)
            && !Character.isHighSurrogate(text.charAt(text.length() - 1));
    if (direct) {
      out.send(new Event.TextDelta(index(), text));
      return;
    }
    waiting.append(text);
    if (!out.isFirst(this)) {
      out.keep(text.length());
    }
  }

  @Override
  void flush(BlockQueue out) {
    send(out, sendable(waiting));
  }

  private void send(BlockQueue out, int end) {
    if (end == 0) {
      return;
    }
    if (!isStarted()) {
      out.send(new Event.TextStart(out.start(this)));
    }
    out.send(new Event.TextDelta(index(), waiting.substring(0, end)));
    release(waiting, end);
  }

  @Override
  boolean isWhole() {
    return true;
  }

  @Override
  void close(BlockQueue out) {
    send(out, waiting.length());
    out.send(new Event.BlockStop(index()));
  }
}
