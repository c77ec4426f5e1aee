package io.caravan.openai;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Takes the tokens with which a model ends its turn out of the end of its text, where a server has
 * let them through ({@code <|im_end|>}, {@code <|eot_id|>}, {@code </s>}; the list is {@code
 * end-tokens.txt}). In the middle of a text they stay: there the text is about them. One instance
 * serves one stream.
 */
final class EndTokens {
  private static final List<String> ALL = read();
  private static final int LONGEST = ALL.stream().mapToInt(String::length).max().orElse(0);
  private static final String FIRST = "<[";

  /** The most characters of tokens and blanks that wait for what follows. */
  private static final int MAX_HELD = 4096;

  private final List<String> tokens;
  private String held = "";
  private boolean finished;

  /**
   * @param stopSequences the request's own stop sequences, which are no such tokens
   */
  EndTokens(List<String> stopSequences) {
    tokens =
        stopSequences.isEmpty()
            ? ALL
            : ALL.stream().filter(token -> !stopSequences.contains(token)).toList();
  }

  private static List<String> read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(EndTokens.class.getResourceAsStream("end-tokens.txt")),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the chunk as it goes on. Nearly always that is the same one. */
  Chunk accept(Chunk chunk) {
    String content = chunk.content();
    if (held.isEmpty() && !mayEnd(content)) {
      return chunk;
    }
    boolean ends = chunk.finishReason() != null;
    if (finished || chunk.error() != null || (content.isEmpty() && !ends)) {
      return chunk;
    }
    finished = ends;
    String text = held + content;
    int end = end(text, ends);
    held = ends || text.length() - end > MAX_HELD ? "" : text.substring(end);
    return with(chunk, ends || !held.isEmpty() ? text.substring(0, end) : text);
  }

  /** Returns whether a token stands, or has begun, at the end of a text. */
  private boolean mayEnd(String text) {
    int last = text.length() - 1;
    while (last >= 0 && Character.isWhitespace(text.charAt(last))) {
      last--;
    }
    // No token has a blank in it, so that the last word decides.
    int first = Math.max(0, last - LONGEST);
    for (int i = last; i >= first; i--) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\n') {
        return false;
      }
      // Compared one by one: this runs for every chunk.
      if ((c == '<' || c == '[') && isToken(text, i, last + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a token stands between two positions, or begins there and is cut off. */
  private boolean isToken(String text, int from, int end) {
    int known = end - from;
    for (String token : tokens) {
      boolean possible =
          token.length() == known || (token.length() > known && end == text.length());
      if (possible && text.regionMatches(from, token, 0, known)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the index at which tokens begin that the text ends with, or else its length.
   *
   * @param whole whether the text is complete: then the beginning of a token is none
   */
  private int end(String text, boolean whole) {
    int end = whole ? text.length() : begun(text);
    boolean found = end < text.length();
    while (true) {
      int last = end;
      while (last > 0 && Character.isWhitespace(text.charAt(last - 1))) {
        last--;
      }
      String token = tokenBefore(text, last);
      if (token == null) {
        return found ? end : text.length();
      }
      end = last - token.length();
      found = true;
    }
  }

  /** Returns the index at which a token has begun that the text doesn't end; or its length. */
  private int begun(String text) {
    for (int from = Math.max(0, text.length() - LONGEST + 1); from < text.length(); from++) {
      if (FIRST.indexOf(text.charAt(from)) >= 0 && isBegun(text, from)) {
        return from;
      }
    }
    return text.length();
  }

  private boolean isBegun(String text, int from) {
    int known = text.length() - from;
    for (String token : tokens) {
      if (token.length() > known && text.regionMatches(from, token, 0, known)) {
        return true;
      }
    }
    return false;
  }

  private String tokenBefore(String text, int end) {
    for (String token : tokens) {
      if (text.startsWith(token, end - token.length())) {
        return token;
      }
    }
    return null;
  }

  private static Chunk with(Chunk chunk, String content) {
    return content.equals(chunk.content())
        ? chunk
        : new Chunk(
            chunk.id(),
            chunk.model(),
            content,
            chunk.reasoning(),
            chunk.reasoningDetails(),
            chunk.refusal(),
            chunk.toolCalls(),
            chunk.finishReason(),
            chunk.stopSequence(),
            chunk.usage(),
            chunk.error());
  }
}
