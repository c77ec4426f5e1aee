package io.caravan.translate.response;

import io.caravan.anthropic.Event;
import io.caravan.translate.reasoning.ReasoningSignature;

/** A thinking block. It ends with a signature that carries the text that the client doesn't see. */
final class ThinkingSegment extends Segment {
  private final boolean omitted;
  private final ReasoningCarrier carrier;
  private final StringBuilder waiting = new StringBuilder();

  /** The text that the client doesn't see. */
  private final StringBuilder hidden = new StringBuilder();

  ThinkingSegment(boolean omitted, ReasoningCarrier carrier) {
    this.omitted = omitted;
    this.carrier = carrier;
  }

  void add(String text, BlockQueue out) {
    if (!out.isFirst(this)) {
      out.keep(text.length());
    }
    waiting.append(text);
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
      out.send(new Event.ThinkingStart(out.start(this)));
    }
    if (omitted) {
      hide(waiting.substring(0, end));
    } else {
      out.send(new Event.ThinkingDelta(index(), waiting.substring(0, end)));
    }
    release(waiting, end);
  }

  /** Keeps hidden text. Only its end is carried, so at most twice that length is kept. */
  private void hide(String text) {
    hidden.append(text);
    if (hidden.length() > 2 * ReasoningSignature.MAX_TEXT) {
      hidden.delete(0, hidden.length() - ReasoningSignature.MAX_TEXT);
    }
  }

  @Override
  boolean isWhole() {
    return true;
  }

  @Override
  void close(BlockQueue out) {
    send(out, waiting.length());
    out.send(new Event.SignatureDelta(index(), carrier.signature(hidden.toString())));
    out.send(new Event.BlockStop(index()));
  }
}
