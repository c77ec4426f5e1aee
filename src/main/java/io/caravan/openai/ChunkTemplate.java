package io.caravan.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The common part of a stream's chunks. Nearly every chunk differs from the one before only in a
 * piece of text, so that two comparisons of bytes replace a parser. A payload that differs anywhere
 * else is left to the parser, and becomes the template for those that follow. One instance serves
 * one stream.
 */
final class ChunkTemplate {
  private static final char REPLACEMENT = '\uFFFD';

  /** The bytes up to the text, with its opening quote; null as long as there is no template. */
  private byte[] before;

  /** The bytes from the text's closing quote on. */
  private byte[] after;

  private String id;
  private String model;
  private boolean reasoning;

  /**
   * Makes a chunk that the parser has read the template, if it holds one text and nothing else.
   *
   * @param textStart the index of the text's opening quote
   * @param textEnd the index behind its closing quote
   * @param text the decoded text
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
      // Not the chunk itself: its text may be large, and the template lives as long as the stream.
      id = read.id();
      model = read.model();
      reasoning = !content;
    }
  }

  /** Returns the chunk, or null if the payload doesn't fit the template. */
  Chunk read(byte[] buffer, int start, int end) {
    // With an empty text, another field may be the one that counts.
    if (before == null || end - start <= before.length + after.length) {
      return null;
    }
    int from = start + before.length;
    int to = end - after.length;
    // The end is compared first: it is shorter, and thus decides sooner.
    if (!Arrays.equals(buffer, to, end, after, 0, after.length)
        || !Arrays.equals(buffer, start, from, before, 0, before.length)) {
      return null;
    }
    String text = text(buffer, from, to);
    return text == null ? null : with(text);
  }

  private Chunk with(String text) {
    return new Chunk(
        id,
        model,
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

  /**
   * Returns the inside of a JSON string, or null if it isn't one or has escapes other than the
   * common ones.
   */
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

  /**
   * Returns decoded UTF-8, or null if it is malformed: the parser deals with that in its own way.
   */
  private static String utf8(byte[] buffer, int from, int length) {
    String text = new String(buffer, from, length, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) >= 0 ? null : text;
  }
}
