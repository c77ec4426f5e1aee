package io.caravan.gateway.words;

import io.caravan.anthropic.Usage;
import io.caravan.exchange.Answer;
import io.caravan.exchange.Opening;
import io.caravan.openai.SsePayloads;
import io.caravan.openai.UpstreamError;
import java.nio.charset.StandardCharsets;

/** A stream of bare words, of which one that begins with {@code !} is an error. */
final class WordsAnswer implements Answer {
  private int words;

  static String word(SsePayloads part, int index) {
    return new String(
        part.buffer(), part.offset(index), part.length(index), StandardCharsets.UTF_8);
  }

  @Override
  public Opening inspect(SsePayloads part, int index) {
    String word = word(part, index);
    return word.startsWith("!")
        ? Opening.failed(new UpstreamError(500, null, null, word.substring(1), null))
        : Opening.CONTENT;
  }

  /** Returns how many words came before this one. */
  int count() {
    return words++;
  }

  @Override
  public Usage usage() {
    return new Usage(1, words, 0, 0, 0);
  }
}
