package io.caravan.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What the chunks of a stream have in common. Nearly all differ from the one before in a piece of
 * text and in nothing else, so that two comparisons of bytes stand for a parser. A payload that is
 * not alike to the last bit is left to the parser, and becomes the template for those that follow.
 * One instance an answer.
 */
final class ChunkTemplate {
  private static final char REPLACEMENT = '\uFFFD';

  /** Up to the text, its opening quote included; null as long as there is none. */
  private byte[] before;

  /** From the text's closing quote on. */
  private byte[] after;

  private Chunk chunk;
  private boolean reasoning;

  /**
   * Takes a chunk that the parser has read for those to come, if it has one text and nothing else.
   *
   * @param textStart the text's opening quote in the buffer
   * @param textEnd behind its closing quote
   * @param text as it was decoded
   */
  void learn(
      byte[] buffer, int start, int end, int textStart, int textEnd, String text, Chunk read) {
    before = null;
    boolean plain =
        read.error() == null
            && read.usage() == null
            && read.finishReason() == null
            && read.stopSequence() == null
            && read.toolCalls().isEmpty()
            && read.refusal() == null
            && read.reasoningDetails() == null;
    if (!plain || textStart < start || textEnd <= textStart || textEnd > end) {
      return;
    }
    boolean content = read.content().equals(text) && read.reasoning().isEmpty();
    if (content || (read.reasoning().equals(text) && read.content().isEmpty())) {
      before = Arrays.copyOfRange(buffer, start, textStart + 1);
      after = Arrays.copyOfRange(buffer, textEnd - 1, end);
      chunk = read;
      reasoning = !content;
    }
  }

  /** The chunk, or null where the payload is not alike. */
  Chunk read(byte[] buffer, int start, int end) {
    // An empty text may leave the word to another field.
    if (before == null || end - start <= before.length + after.length) {
      return null;
    }
    int from = start + before.length;
    int to = end - after.length;
    // The end is the shorter: it tells sooner.
    if (!Arrays.equals(buffer, to, end, after, 0, after.length)
        || !Arrays.equals(buffer, start, from, before, 0, before.length)) {
      return null;
    }
    String text = text(buffer, from, to);
    return text == null ? null : with(text);
  }

  private Chunk with(String text) {
    return new Chunk(
        chunk.id(),
        chunk.model(),
        reasoning ? "" : text,
        reasoning ? text : "",
        null,
        null,
        List.of(),
        null,
        null,
        null,
        null);
  }

  /** The inside of a JSON string; null where it is none, or one of more than everyday escapes. */
  private static String text(byte[] buffer, int from, int to) {
    boolean ascii = true;
    for (int i = from; i < to; i++) {
      byte b = buffer[i];
      if (b == '\\') {
        return unescaped(buffer, from, i, to);
      }
      if (b == '"' || (b >= 0 && b < ' ')) {
        return null;
      }
      ascii &= b > 0;
    }
    return ascii
        ? new String(buffer, from, to - from, StandardCharsets.ISO_8859_1)
        : utf8(buffer, from, to - from);
  }

  private static String unescaped(byte[] buffer, int from, int firstEscape, int to) {
    byte[] text = new byte[to - from];
    int length = firstEscape - from;
    System.arraycopy(buffer, from, text, 0, length);
    for (int i = firstEscape; i < to; i++) {
      byte b = buffer[i];
      if (b == '"' || (b >= 0 && b < ' ')) {
        return null;
      }
      if (b == '\\') {
        b = ++i < to ? escape(buffer[i]) : 0;
        if (b == 0) {
          return null;
        }
      }
      text[length++] = b;
    }
    return utf8(text, 0, length);
  }

  private static byte escape(byte letter) {
    return switch (letter) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '"', '\\', '/' -> letter;
      default -> 0;
    };
  }

  /** Null for bytes that are no UTF-8, which the parser has its own way with. */
  private static String utf8(byte[] buffer, int from, int length) {
    String text = new String(buffer, from, length, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) >= 0 ? null : text;
  }
}
