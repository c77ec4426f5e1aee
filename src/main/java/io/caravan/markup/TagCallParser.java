package io.caravan.markup;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a call whose arguments are tags, one a parameter, with the plain value between them. */
abstract class TagCallParser extends MarkupParser {
  private final DeclaredTools tools;
  private final String parameterOpening;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private boolean begun;
  private int at;
  private int searched;
  private int counted;
  private int nested;

  /** What the head named. */
  protected String name;

  /** The parameter whose value is being read, or null between two of them. */
  protected String key;

  /** What closes that value. */
  protected String valueClose;

  /**
   * @param parameterOpening what every parameter begins with
   * @param valueClose what every value ends with, unless {@link #parameter} sets another
   */
  TagCallParser(DeclaredTools tools, String parameterOpening, String valueClose) {
    this.tools = tools;
    this.parameterOpening = parameterOpening;
    this.valueClose = valueClose;
  }

  /** Reads the head with the name; returns where the parameters begin. */
  abstract int head(CharSequence text);

  /** Reads a parameter's own head, behind what it begins with; returns where its value begins. */
  abstract int parameter(CharSequence text, int at);

  /** The JSON of a value. */
  abstract String value(String key, String text, ToolSchema schema);

  /** What a call begins with and what it ends with, as an example of one in a value does, too. */
  abstract String opening();

  abstract String closing();

  /** The position behind what closes the call. */
  private int close(CharSequence text, int position) {
    return MarkupText.after(text, position, closing());
  }

  /** Whether a call may also end without its closing tag, behind a parameter. */
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

  /** Reads on between two parameters: the next one's head or the end of the call. */
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

  /** The arguments as one JSON object. */
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
   * Whether a closing tag stands inside of another call, which is part of the value. Were it taken
   * for the end, a file that was cut off in such an example would be written.
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
   * Whether the call goes on behind a closing tag. If it doesn't, the tag belongs to the value: a
   * file about this very format is an argument as any other.
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
