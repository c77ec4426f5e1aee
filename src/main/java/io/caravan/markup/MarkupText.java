package io.caravan.markup;

/**
 * Reads text that is still growing. Positions are indexes. In place of one, {@link #MORE} means
 * that the text ends too early to decide, and {@link #NO} that it is something else.
 */
final class MarkupText {
  static final int MORE = -1;
  static final int NO = -2;

  /** The longest name that is accepted (OpenAI allows 64 characters, Anthropic 128). */
  static final int MAX_NAME = 256;

  private MarkupText() {}

  /** Returns the position behind a token that stands at a position. */
  static int after(CharSequence text, int at, String token) {
    int known = Math.min(token.length(), text.length() - at);
    for (int i = 0; i < known; i++) {
      if (text.charAt(at + i) != token.charAt(i)) {
        return NO;
      }
    }
    return known == token.length() ? at + known : MORE;
  }

  /** Returns the position of the next character that isn't blank, or the end of the text. */
  static int blanks(CharSequence text, int at) {
    int i = at;
    while (i < text.length() && isBlank(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  /** Returns the position of a token from a position on, or {@link #MORE}. */
  static int find(CharSequence text, int from, String token) {
    int last = text.length() - token.length();
    char first = token.charAt(0);
    for (int i = Math.max(from, 0); i <= last; i++) {
      if (text.charAt(i) == first && after(text, i, token) > 0) {
        return i;
      }
    }
    return MORE;
  }

  /**
   * Finds a token like {@link #find}, but gives up if it doesn't begin within so many characters.
   */
  static int findWithin(CharSequence text, int from, String token, int limit) {
    int end = Math.min(text.length(), from + limit + token.length());
    int found = find(text.subSequence(0, end), from, token);
    return found == MORE && text.length() >= from + limit + token.length() ? NO : found;
  }

  /**
   * Returns the end of a name. Names consist of ASCII letters, digits, {@code _}, {@code -}, {@code
   * .}, {@code :} and {@code /}.
   */
  static int name(CharSequence text, int at) {
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean named = (c < 128 && Character.isLetterOrDigit(c)) || "_-.:/".indexOf(c) >= 0;
      if (!named) {
        return i == at ? NO : i;
      }
      if (i - at > MAX_NAME) {
        return NO;
      }
    }
    return MORE;
  }

  static String string(CharSequence text, int from, int to) {
    return text.subSequence(from, to).toString();
  }
}
