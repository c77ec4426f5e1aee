package io.caravan.translate.response;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import io.caravan.json.RawJson;
import java.io.IOException;

/** A tool call as it grows. */
final class ToolCall {
  /** The upstream's number for it; null where it gives none. */
  final Integer index;

  /** The upstream's id for it; null until it gives one. */
  String id;

  /** As the upstream calls it; null until it does. */
  String name;

  /** What Gemini wants back with the call, or null. */
  String thoughtSignature;

  private ArgumentsScanner scanner = new ArgumentsScanner();
  private final StringBuilder arguments = new StringBuilder();

  /** Arguments that don't begin like an object; null where they do. */
  private StringBuilder odd;

  private boolean resends;

  ToolCall(Integer index, String id, String name) {
    this.index = index;
    this.id = id;
    this.name = name;
  }

  /** The arguments so far, as they go out. */
  StringBuilder arguments() {
    return arguments;
  }

  /** Whether any arguments have come. */
  boolean hasArguments() {
    return odd != null || !scanner.isBlank();
  }

  /** Whether the arguments are a whole object. */
  boolean isComplete() {
    return scanner.isComplete();
  }

  /** Whether the arguments have a member, or the beginning of one. */
  boolean hasMembers() {
    return scanner.hasMembers();
  }

  /** Whether the arguments can't become an object any more. */
  boolean isBroken() {
    return odd != null || scanner.isBroken();
  }

  /** Whether line breaks or backslashes in them had to be repaired. */
  boolean isRepaired() {
    return scanner.isRepaired();
  }

  /**
   * Adds a piece of the arguments.
   *
   * @return where in the piece the object ended, or the piece's end
   */
  int append(String piece, int from) {
    if (odd != null) {
      odd.append(piece, from, piece.length());
      return piece.length();
    }
    int at = scanner.read(piece, from == 0 ? resent(piece) : from, arguments);
    while (isPlaceholder() && nextObject(piece, at) >= 0) {
      arguments.setLength(0);
      scanner = new ArgumentsScanner();
      at = scanner.read(piece, nextObject(piece, at), arguments);
    }
    if (!scanner.isBroken()) {
      return at;
    }
    if (arguments.length() == 0) {
      odd = new StringBuilder().append(piece, from, piece.length());
    }
    return piece.length();
  }

  /** An empty object may stand for the real one, which then follows: {@code {}{"a":1}}. */
  private boolean isPlaceholder() {
    return scanner.isComplete() && !scanner.hasMembers();
  }

  private static int nextObject(String piece, int from) {
    int at = from;
    while (at < piece.length() && Character.isWhitespace(piece.charAt(at))) {
      at++;
    }
    return at < piece.length() && piece.charAt(at) == '{' ? at : -1;
  }

  /**
   * Where in a piece the news begins. Some upstreams say all arguments so far again in each piece
   * (DeepSeek by way of Baidu Qianfan, NousResearch/hermes-agent#35718). That is told from a piece
   * that only looks like it by where it stands: inside an object another begins only as a value.
   */
  private int resent(String piece) {
    int known = arguments.length();
    if (known < 2 || scanner.isComplete() || scanner.isRepaired() || piece.length() < known) {
      return 0;
    }
    if (piece.charAt(0) != '{' || (!resends && scanner.expectsValue())) {
      return 0;
    }
    for (int i = 0; i < known; i++) {
      if (piece.charAt(i) != arguments.charAt(i)) {
        return 0;
      }
    }
    if (piece.length() == known && !resends) {
      return 0;
    }
    resends = true;
    scanner.dropEscape();
    return known;
  }

  /**
   * No more will come. Arguments that were written as JSON twice over are taken out of their string
   * (huggingface/smolagents#1003, vllm-project/vllm#54964).
   */
  void end() {
    String inner = odd == null ? null : unquoted(odd.toString());
    if (inner == null) {
      return;
    }
    ArgumentsScanner whole = new ArgumentsScanner();
    StringBuilder out = new StringBuilder(inner.length());
    int end = whole.read(inner, 0, out);
    if (whole.isComplete() && inner.substring(end).isBlank()) {
      arguments.append(out);
      scanner = whole;
      odd = null;
    }
  }

  private static String unquoted(String text) {
    try (JsonParser p = Json.parser(RawJson.of(text))) {
      if (p.nextToken() != JsonToken.VALUE_STRING) {
        return null;
      }
      String inner = p.getText();
      return p.nextToken() == null ? inner : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether it can be called: with a whole object, or without arguments at all. */
  boolean isCallable() {
    return name != null && odd == null && (scanner.isBlank() || scanner.isComplete());
  }

  /** Whether these are word for word the arguments of another. */
  boolean saysTheSameAs(ToolCall other) {
    return arguments.compareTo(other.arguments) == 0;
  }
}
