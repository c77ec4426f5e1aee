package io.caravan.translate.response;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import io.caravan.json.RawJson;
import java.io.IOException;

/** A tool call that grows. */
final class GrowingCall {
  /** The upstream's number for it, or null if it gives none. */
  final Integer index;

  /** The upstream's id for it, or null until it gives one. */
  String id;

  /** The upstream's name for the tool, or null until it gives one. */
  String name;

  /** The signature that Gemini expects back with the call, or null. */
  String thoughtSignature;

  private final boolean repairs;
  private ArgumentsScanner scanner;
  private final StringBuilder arguments = new StringBuilder();

  /** Arguments that don't begin like an object, or null. */
  private StringBuilder odd;

  /** The text from the character on that no object has there, or null. */
  private StringBuilder rest;

  private boolean resends;

  /**
   * @param repairs whether arguments that aren't JSON are repaired
   */
  GrowingCall(Integer index, String id, String name, boolean repairs) {
    this.repairs = repairs;
    this.scanner = new ArgumentsScanner(repairs);
    this.index = index;
    this.id = id;
    this.name = name;
  }

  /** Returns the arguments so far, as they go out. */
  StringBuilder arguments() {
    return arguments;
  }

  /** Returns whether any arguments have come. */
  boolean hasArguments() {
    return odd != null || !scanner.isBlank();
  }

  /** Returns whether the arguments are a whole object. */
  boolean isComplete() {
    return scanner.isComplete();
  }

  /** Returns whether the arguments have a member, or the beginning of one. */
  boolean hasMembers() {
    return scanner.hasMembers();
  }

  /** Returns whether the arguments can't become an object any more. */
  boolean isBroken() {
    return odd != null || scanner.isBroken();
  }

  /** Returns whether line breaks or backslashes in the arguments had to be repaired. */
  boolean isRepaired() {
    return scanner.isRepaired();
  }

  /**
   * Adds a piece of the arguments.
   *
   * @return the index in the piece at which the object ended, or the piece's end
   */
  int append(String piece, int from) {
    if (odd != null) {
      odd.append(piece, from, piece.length());
      return piece.length();
    }
    if (rest != null) {
      rest.append(piece, from, piece.length());
      return piece.length();
    }
    int at = scanner.read(piece, from == 0 ? resent(piece) : from, arguments);
    while (isPlaceholder() && nextObject(piece, at) >= 0) {
      arguments.setLength(0);
      scanner = new ArgumentsScanner(repairs);
      at = scanner.read(piece, nextObject(piece, at), arguments);
    }
    if (!scanner.isBroken()) {
      return at;
    }
    if (arguments.length() == 0) {
      odd = new StringBuilder().append(piece, from, piece.length());
    } else {
      rest = new StringBuilder().append(piece, at, piece.length());
    }
    return piece.length();
  }

  /**
   * Returns whether the arguments are an empty object. It may stand for the real one, which then
   * follows: {@code {}{"a":1}}.
   */
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
   * Returns the index in a piece at which its new part begins. Some upstreams repeat all arguments
   * so far in each piece (DeepSeek by way of Baidu Qianfan, NousResearch/hermes-agent#35718). The
   * place shows whether a piece only looks like that: inside an object another one begins only as a
   * value.
   */
  private int resent(String piece) {
    if (!piece.isEmpty() && piece.charAt(0) == '{') {
      scanner.writeComma(arguments);
    }
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
   * Ends the call. Arguments that were written as JSON twice are taken out of their string
   * (huggingface/smolagents#1003, vllm-project/vllm#54964).
   */
  void end() {
    String inner = odd == null ? null : unquoted(odd.toString());
    if (inner == null) {
      return;
    }
    ArgumentsScanner whole = new ArgumentsScanner(repairs);
    StringBuilder out = new StringBuilder(inner.length());
    int end = whole.read(inner, 0, out);
    if (whole.isComplete() && inner.substring(end).isBlank()) {
      arguments.append(out);
      scanner = whole;
      odd = null;
    }
  }

  /** Makes the arguments the text as it came, though it is no object. */
  void passOn() {
    arguments.append(received());
    odd = null;
    rest = null;
  }

  /** Returns the text that has come and is not among the arguments. */
  private StringBuilder received() {
    StringBuilder text = new StringBuilder();
    scanner.writeComma(text);
    return text.append(odd != null ? odd : rest != null ? rest : "");
  }

  /**
   * Repairs arguments that are no object, if their fault is harmless.
   *
   * @param sent the number of characters that have gone out, which can't be changed
   * @return whether they are an object now
   */
  boolean repair(int sent) {
    if (!repairs) {
      return false;
    }
    String begun = arguments.substring(0, sent);
    arguments.append(received());
    String repaired = ArgumentsRepair.of(arguments.toString());
    ArgumentsScanner whole = new ArgumentsScanner(repairs);
    StringBuilder out = new StringBuilder(arguments.length());
    boolean read = repaired != null && whole.read(repaired, 0, out) == repaired.length();
    if (!read || !whole.isComplete() || out.indexOf(begun) != 0) {
      return false;
    }
    arguments.setLength(0);
    arguments.append(out);
    scanner = whole;
    odd = null;
    rest = null;
    return true;
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

  /** Returns whether the tool can be called: with a whole object, or without any arguments. */
  boolean isCallable() {
    return name != null && odd == null && (scanner.isBlank() || scanner.isComplete());
  }

  /** Returns whether the arguments equal those of another call, word for word. */
  boolean hasArgumentsOf(GrowingCall other) {
    return arguments.compareTo(other.arguments) == 0;
  }
}
