package io.caravan.markup;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a call whose arguments are tags, one for each parameter, with the plain value between them.
 */
abstract class TagCallParser extends MarkupParser {
  private final DeclaredTools tools;
  private final String parameterOpening;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private boolean begun;
  private int at;
  private int searched;
  private int counted;
  private int nested;

  /** The tool's name in the head. */
  protected String name;

  /** The parameter whose value is being read, or null between two of them. */
  protected String key;

  /** The tag that closes this value. */
  protected String valueClose;

  /**
   * @param parameterOpening the beginning of every parameter
   * @param valueClose the end of every value, unless {@link #parameter} sets another
   */
  TagCallParser(DeclaredTools tools, String parameterOpening, String valueClose) {
    this.tools = tools;
    this.parameterOpening = parameterOpening;
    this.valueClose = valueClose;
  }

  /** Reads the head with the name, and returns the index of the parameters. */
  abstract int head(CharSequence text);

  /** Reads the rest of a parameter's opening, and returns the index of its value. */
  abstract int parameter(CharSequence text, int at);

  /** Returns the JSON of a value. */
  abstract String value(String key, String text, ToolSchema schema);

  /** Returns the beginning of a call. An example of a call inside a value begins the same way. */
  abstract String opening();

  abstract String closing();

  /** Returns the position behind the closing tag that stands at a position. */
  private int close(CharSequence text, int position) {
    return MarkupText.after(text, position, closing());
  }

  /** Returns whether a call may also end without its closing tag, behind a parameter. */
  boolean closesItself() {
    return false;
  }

  @Override
  final int read(CharSequence text, boolean last) {
    if (!begun) {
      int body = head(text);
      if (body < 0) {
        return body;
      }
      begun = true;
      advance(body);
    }
    int result = 0;
    while (result == 0) {
      result = key == null ? between(text, last) : value(text);
    }
    return result;
  }

  private void advance(int position) {
    at = position;
    understood(position);
  }

  /** Reads on between two parameters: either the head of the next one or the end of the call. */
  private int between(CharSequence text, boolean last) {
    int next = MarkupText.blanks(text, at);
    int end = close(text, next);
    if (end > 0) {
      return found(end, tools.call(name, null, json()));
    }
    int open = MarkupText.after(text, next, parameterOpening);
    int begin = open > 0 ? parameter(text, open) : open;
    if (begin > 0) {
      advance(begin);
      searched = begin;
      counted = begin;
      nested = 0;
      return 0;
    }
    boolean more = end == MORE || begin == MORE;
    if (closesItself() && !arguments.isEmpty() && (!more || last)) {
      return found(at, tools.call(name, null, json()));
    }
    return more ? MORE : NO;
  }

  /** Returns the arguments as one JSON object. */
  String json() {
    return ModelJson.object(arguments);
  }

  private int value(CharSequence text) {
    int end = MarkupText.find(text, searched, valueClose);
    if (end < 0) {
      searched = Math.max(at, text.length() - valueClose.length() + 1);
      return MORE;
    }
    int behind = end + valueClose.length();
    if (inExample(text, end)) {
      searched = behind;
      return 0;
    }
    int follows = follows(text, behind);
    if (follows == NO) {
      searched = end + 1;
      return 0;
    }
    if (follows == MORE && !closesItself()) {
      searched = end;
      return MORE;
    }
    String value = MarkupText.string(text, at, end);
    arguments.put(key, value(key, value, tools.schema(name).property(key)));
    key = null;
    advance(behind);
    return 0;
  }

  /**
   * Returns whether a closing tag stands inside another call, which is part of the value. If it
   * were taken for the end, a file would be written that was cut off in such an example.
   */
  private boolean inExample(CharSequence text, int end) {
    nested += count(text, opening(), end) - count(text, closing(), end);
    nested = Math.max(nested, 0);
    counted = end;
    return nested > 0 && !closesItself();
  }

  private int count(CharSequence text, String token, int end) {
    CharSequence part = text.subSequence(counted, end);
    int count = 0;
    for (int i = MarkupText.find(part, 0, token); i >= 0; i = MarkupText.find(part, i + 1, token)) {
      count++;
    }
    return count;
  }

  /**
   * Returns the position behind the tag with which the call goes on. If there is none, the closing
   * tag before it belongs to the value: a file about this very format is an argument like any
   * other.
   */
  private int follows(CharSequence text, int behind) {
    if (closesItself()) {
      return behind;
    }
    int next = MarkupText.blanks(text, behind);
    int close = close(text, next);
    return close == NO ? MarkupText.after(text, next, parameterOpening) : close;
  }
}
