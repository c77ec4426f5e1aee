package io.caravan.markup;

import java.util.List;

/** Reads the head of a harmony message, and the arguments if it is a call. */
final class HarmonyParser extends MarkupParser {
  private static final String MESSAGE = "<|message|>";
  private static final List<String> TOKENS =
      List.of("<|start|>", "<|channel|>", "<|constrain|>", MESSAGE);
  private static final List<String> CHANNELS = List.of("analysis", "commentary", "final");
  private static final String ROLE = "assistant";
  private static final int MAX_HEAD = 300;

  private final DeclaredTools tools;
  private final StringBuilder head = new StringBuilder();
  private int at;
  private boolean message;
  private String recipient;
  private String channel;
  private JsonSpan arguments;

  HarmonyParser(DeclaredTools tools) {
    this.tools = tools;
  }

  @Override
  int read(CharSequence text, boolean last) {
    if (arguments == null) {
      int behind = head(text);
      if (behind < 0) {
        return behind;
      }
      if (!understand()) {
        return NO;
      }
      if (recipient == null) {
        return switchTo(behind, channel.equals("analysis") ? Channel.REASONING : Channel.CONTENT);
      }
      int json = MarkupText.blanks(text, behind);
      if (json == text.length()) {
        return MORE;
      }
      arguments = new JsonSpan(json);
    }
    int end = arguments.end(text);
    if (end < 0) {
      return end;
    }
    String json = MarkupText.string(text, arguments.start(), end);
    return found(end, tools.call(recipient, null, json));
  }

  /**
   * Reads words and tokens up to the message or the arguments. It returns the index where those
   * begin.
   */
  private int head(CharSequence text) {
    while (!message && at < text.length()) {
      char c = text.charAt(at);
      if (c == '{') {
        return at;
      }
      if (c == '<') {
        int behind = token(text);
        if (behind < 0) {
          return behind;
        }
        at = behind;
      } else if (at > MAX_HEAD || !belongs(c)) {
        return NO;
      } else {
        head.append(c);
        at++;
      }
    }
    return message ? at : MORE;
  }

  private int token(CharSequence text) {
    int result = NO;
    for (String token : TOKENS) {
      int behind = MarkupText.after(text, at, token);
      if (behind > 0) {
        message = token.equals(MESSAGE);
        head.append(' ');
        return behind;
      }
      result = Math.max(result, behind);
    }
    return result;
  }

  private static boolean belongs(char c) {
    return Character.isLetterOrDigit(c) || MarkupText.isBlank(c) || "_-.:=/".indexOf(c) >= 0;
  }

  /** Reads the words of the head, and returns whether they make a harmony head. */
  private boolean understand() {
    for (String written : head.toString().strip().split("\\s+", -1)) {
      // Servers that drop the tokens join the role and the channel.
      String word = written.startsWith(ROLE) ? written.substring(ROLE.length()) : written;
      if (word.startsWith("to=")) {
        recipient = named(word.substring("to=".length()));
      } else if (CHANNELS.contains(word)) {
        channel = word;
      } else if (!word.isEmpty() && !word.equals("json") && !word.equals("code")) {
        return false;
      }
    }
    return message ? recipient != null || channel != null : recipient != null;
  }

  /** Returns the recipient without the {@code json} that follows it if the tokens were dropped. */
  private String named(String word) {
    boolean glued = tools.resolve(word) == null && word.endsWith("json");
    return glued ? word.substring(0, word.length() - "json".length()) : word;
  }
}
