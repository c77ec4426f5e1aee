package io.caravan.translate.response;

import java.util.List;

/**
 * Takes reasoning out of the content if a server leaves it in {@code <think>} tags, cut anywhere.
 *
 * <ul>
 *   <li>An opening tag counts only where text begins: elsewhere the model writes about it
 *       (raullenchai/Rapid-MLX#1778). The closing tag ends the reasoning anywhere.
 *   <li>If the template has opened the tag itself, the model only closes it. That has to be known
 *       beforehand ({@link StreamSettings#thinkingOpen}): text that has gone out can't be called
 *       back, and holding all text back for a tag that most models never write would be no stream.
 *   <li>A closing tag without an opening one is dropped where text begins (StepFun leaks them), and
 *       in the first text at the begin or the end of a line; elsewhere it is text. The text before
 *       it stays text, and {@link Sink#strayEnd} reports it, so that the model's next completion
 *       can be assumed to begin inside the tag.
 * </ul>
 *
 * Line ends next to the tags belong to them: templates write {@code <think>\n} and {@code
 * \n</think>\n\n}.
 */
final class ThinkTags {
  private static final String STRAY = "</think>";

  /** The tokens with which Cohere's models begin their text behind the reasoning. */
  private static final List<String> TEXT_BEGINS = List.of("<|START_RESPONSE|>", "<|START_TEXT|>");

  /** The most line ends that may belong to a closing tag. More are a model in a loop. */
  private static final int MAX_LINE_ENDS = 16;

  /** Receives the parts that the tags divide. */
  interface Sink {
    void text(String text);

    void taggedReasoning(String reasoning);

    /** Reports the end of the reasoning in tags. */
    void endOfTagged();

    /** Reports a closing tag without an opening one. */
    void strayEnd();
  }

  private enum State {
    /** Nothing but white space has come, so a tag may come. */
    BEGIN,
    REASONING,
    TEXT
  }

  private final List<ThinkTag> tags;
  private final Sink sink;
  private State state;
  private String closing = STRAY;

  /** Undecided text: the beginning of a tag, and line ends before it. */
  private String held = "";

  /** True if line ends at the front of the next text belong to a tag. */
  private boolean afterTag;

  /** True if a closing tag in text may be one that the template has opened. */
  private boolean strayPossible = true;

  private char lastSent = '\n';

  ThinkTags(boolean open, List<ThinkTag> tags, Sink sink) {
    this.tags = tags;
    this.sink = sink;
    this.state = open ? State.REASONING : State.BEGIN;
    this.afterTag = open;
  }

  /** Returns whether reasoning has begun that no tag has ended yet. */
  boolean isOpen() {
    return state == State.REASONING;
  }

  void accept(String content) {
    if (state == State.TEXT && !strayPossible) {
      sink.text(content);
      return;
    }
    String rest = held.isEmpty() ? content : held + content;
    held = "";
    while (!rest.isEmpty()) {
      rest =
          switch (state) {
            case BEGIN -> begin(rest);
            case REASONING -> reasoning(rest);
            case TEXT -> text(rest);
          };
    }
  }

  /**
   * Notes that something other than content came: a tool call, or reasoning in a field of its own.
   * Text after it begins anew.
   */
  void interrupt() {
    flush();
    if (state == State.REASONING) {
      sink.endOfTagged();
    }
    state = State.BEGIN;
    strayPossible = false;
    afterTag = false;
  }

  /** Ends the content. */
  void end() {
    // A closing tag at the very end is at the end of a line.
    if (state == State.TEXT && held.equals(STRAY)) {
      held = "";
      sink.strayEnd();
    }
    flush();
    if (state == State.REASONING) {
      sink.endOfTagged();
    }
    state = State.TEXT;
  }

  private void flush() {
    String rest = held;
    held = "";
    if (rest.isEmpty()) {
      return;
    }
    if (state == State.REASONING) {
      sink.taggedReasoning(rest);
    } else {
      sendText(rest);
    }
  }

  /** Reads the beginning, and returns the rest of the text. */
  private String begin(String s) {
    int at = 0;
    while (at < s.length() && Character.isWhitespace(s.charAt(at))) {
      at++;
    }
    if (at > 0) {
      space(s.substring(0, at));
      return s.substring(at);
    }
    for (ThinkTag tag : tags) {
      if (s.startsWith(tag.open())) {
        open(tag.close());
        return s.substring(tag.open().length());
      }
      if (s.startsWith(tag.close())) {
        if (tag.close().equals(STRAY)) {
          sink.strayEnd();
        }
        afterTag = true;
        strayPossible = false;
        return s.substring(tag.close().length());
      }
    }
    for (String token : TEXT_BEGINS) {
      if (s.startsWith(token)) {
        afterTag = true;
        return s.substring(token.length());
      }
    }
    if (isBeginOfTag(s)) {
      held = s;
      return "";
    }
    state = State.TEXT;
    return s;
  }

  /** Sends white space before a tag or text, without the line ends behind a tag. */
  private void space(String s) {
    String rest = afterTag ? withoutLineEnds(s) : s;
    if (!rest.isEmpty()) {
      afterTag = false;
      sendText(rest);
    }
  }

  private void open(String tag) {
    state = State.REASONING;
    closing = tag;
    afterTag = true;
    strayPossible = false;
  }

  private boolean isBeginOfTag(String s) {
    for (ThinkTag tag : tags) {
      if (tag.open().startsWith(s) || tag.close().startsWith(s)) {
        return true;
      }
    }
    return TEXT_BEGINS.stream().anyMatch(token -> token.startsWith(s));
  }

  private String reasoning(String s) {
    if (afterTag) {
      String rest = withoutLineEnds(s);
      // A model whose template has opened the tag may open it again.
      for (ThinkTag tag : tags) {
        if (rest.startsWith(tag.open())) {
          closing = tag.close();
          return rest.substring(tag.open().length());
        }
        if (tag.open().startsWith(rest)) {
          held = rest;
          return "";
        }
      }
      afterTag = false;
      return rest;
    }
    int end = s.indexOf(closing);
    if (end >= 0) {
      String before = s.substring(0, lastNotLineEnd(s, end));
      if (!before.isEmpty()) {
        sink.taggedReasoning(before);
      }
      sink.endOfTagged();
      state = State.BEGIN;
      afterTag = true;
      strayPossible = false;
      return s.substring(end + closing.length());
    }
    int tag = s.length() - overlap(s, closing);
    int from = Math.max(lastNotLineEnd(s, tag), tag - MAX_LINE_ENDS);
    held = s.substring(from);
    if (from > 0) {
      sink.taggedReasoning(s.substring(0, from));
    }
    return "";
  }

  private String text(String s) {
    if (!strayPossible || s.indexOf(STRAY.charAt(0)) < 0) {
      sendText(s);
      return "";
    }
    int at = s.indexOf(STRAY);
    if (at < 0) {
      int end = s.length() - overlap(s, STRAY);
      held = s.substring(end);
      sendText(s.substring(0, end));
      return "";
    }
    int after = at + STRAY.length();
    boolean beginsLine = (at == 0 ? lastSent : s.charAt(at - 1)) == '\n';
    if (!beginsLine && after == s.length()) {
      held = s.substring(at);
      sendText(s.substring(0, at));
      return "";
    }
    if (beginsLine || s.charAt(after) == '\n' || s.charAt(after) == '\r') {
      sendText(s.substring(0, at));
      sink.strayEnd();
      state = State.BEGIN;
      afterTag = true;
      strayPossible = false;
      return s.substring(after);
    }
    sendText(s.substring(0, after));
    return s.substring(after);
  }

  private void sendText(String s) {
    if (!s.isEmpty()) {
      lastSent = s.charAt(s.length() - 1);
      sink.text(s);
    }
  }

  private static String withoutLineEnds(String s) {
    int at = 0;
    while (at < s.length() && isLineEnd(s.charAt(at))) {
      at++;
    }
    return s.substring(at);
  }

  private static int lastNotLineEnd(String s, int end) {
    int at = end;
    while (at > 0 && isLineEnd(s.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  /** Returns the number of characters at the end that could begin the tag. */
  private static int overlap(String s, String tag) {
    for (int length = Math.min(s.length(), tag.length() - 1); length > 0; length--) {
      if (s.regionMatches(s.length() - length, tag, 0, length)) {
        return length;
      }
    }
    return 0;
  }
}
