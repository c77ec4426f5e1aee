package io.caravan.markup;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a call whose arguments are tags, one for each parameter, with the plain value between them.
 * They may also be one JSON object.
 *
 * <p>A closing tag may be missing if another tag shows that something ended: the next parameter,
 * the end of the call or of its wrapper, the next call, or the natural end of the completion (as
 * vLLM's and SGLang's parsers read it). Without such a tag nothing is completed.
 */
abstract class TagCallParser extends MarkupParser {
  private static final String QUOTES = "\"'`\\";

  private final DeclaredTools tools;
  private final String parameterOpening;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private boolean begun;
  private int at;
  private int searched;
  private JsonSpan body;
  private ValueTags tags;

  /** The tool's name in the head. */
  protected String name;

  /** The id in the head, or null. */
  protected String id;

  /** The parameter whose value is being read, or null between two of them. */
  protected String key;

  /** The tag that closes this value. */
  protected String valueClose;

  /**
   * @param parameterOpening the beginning of every parameter; null if the arguments are JSON
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

  /** Returns the beginning of the wrapper around calls; empty if there is none. */
  String wrapperOpening() {
    return "";
  }

  /** Returns the end of the wrapper around calls; empty if there is none. */
  String wrapperClosing() {
    return "";
  }

  /**
   * Returns the key of a parameter behind its opening, or null. A family whose values can't lose
   * their closing tag returns null.
   */
  String keyAt(CharSequence text, int at) {
    return null;
  }

  @Override
  final int read(CharSequence text, boolean last) {
    if (!begun) {
      int start = head(text);
      if (start < 0) {
        return start;
      }
      begun = true;
      advance(start);
    }
    int result = 0;
    while (result == 0) {
      result =
          body != null ? body(text, last) : key == null ? between(text, last) : value(text, last);
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
    int end = token(text, next, closing());
    if (end > 0) {
      return found(end);
    }
    int open = parameterOpening == null ? NO : MarkupText.after(text, next, parameterOpening);
    int begin = open > 0 ? parameter(text, open) : open;
    if (begin > 0) {
      beginValue(begin);
      return 0;
    }
    if (arguments.isEmpty() && next < text.length() && text.charAt(next) == '{') {
      body = new JsonSpan(next);
      return 0;
    }
    boolean more = end == MORE || begin == MORE || next == text.length();
    int beyond = beyond(text, next, last);
    if (beyond == NO || (beyond == MORE && !last)) {
      return more || beyond == MORE ? MORE : NO;
    }
    boolean sure = !arguments.isEmpty() || token(text, next, wrapperClosing()) > 0;
    return sure && beyond > 0 ? found(at) : more ? MORE : NO;
  }

  private void beginValue(int begin) {
    advance(begin);
    searched = begin;
    tags = new ValueTags(begin);
  }

  private int found(int end) {
    return found(end, tools.call(name, id, json()));
  }

  /** Reads arguments that are one JSON object. The closing tag may be missing behind it. */
  private int body(CharSequence text, boolean last) {
    int end = body.end(text);
    if (end < 0) {
      return end;
    }
    int close = token(text, MarkupText.blanks(text, end), closing());
    if (close == MORE && !last) {
      return MORE;
    }
    String json = MarkupText.string(text, body.start(), end);
    return found(close > 0 ? close : end, tools.call(name, id, json));
  }

  /** Returns the arguments as one JSON object. */
  String json() {
    return ModelJson.object(arguments);
  }

  private int value(CharSequence text, boolean last) {
    int end = MarkupText.find(text, searched, valueClose);
    if (end < 0) {
      searched = Math.max(at, text.length() - valueClose.length() + 1);
      return last && endsNaturally() ? unclosed(text) : MORE;
    }
    int behind = end + valueClose.length();
    int follows = follows(text, behind, last);
    if (follows == NO) {
      searched = end + 1;
      return 0;
    }
    if (follows == MORE) {
      searched = end;
      return last && endsNaturally() ? unclosed(text) : MORE;
    }
    return valueEnd(text, end, behind, last);
  }

  /** Decides whether a closing tag is the value's own, by the tags inside the value. */
  private int valueEnd(CharSequence text, int end, int behind, boolean last) {
    tags.read(text, end);
    if (tags.endedAt >= 0 && (tags.nested > 0 || tags.open > 0)) {
      int close = tags.endedAt + closing().length();
      int beyond = beyond(text, MarkupText.blanks(text, close), last);
      if (beyond > 0) {
        put(text, tags.endedAt);
        return found(close);
      }
    }
    if (tags.nested > 0) {
      // An example of a call is part of the value. If its closing tag were taken for the end, a
      // file would be written that was cut off in such an example.
      searched = behind;
      return 0;
    }
    if (tags.open > 0 && tags.splitAt >= 0) {
      return take(text, tags.splitAt, tags.splitAt);
    }
    return take(text, end, behind);
  }

  private int take(CharSequence text, int end, int behind) {
    put(text, end);
    key = null;
    advance(behind);
    return 0;
  }

  private void put(CharSequence text, int end) {
    String value = MarkupText.string(text, at, end);
    arguments.put(key, value(key, value, tools.schema(name).property(key)));
  }

  /**
   * Ends a value at the natural end of the completion: at a closing tag that an unpaired opening in
   * the value has made doubtful, or at the end of the call if the value's own closing tag is
   * missing.
   */
  private int unclosed(CharSequence text) {
    for (int i = MarkupText.find(text, at, valueClose);
        i >= 0;
        i = MarkupText.find(text, i + 1, valueClose)) {
      int behind = i + valueClose.length();
      int next = MarkupText.blanks(text, behind);
      int close = token(text, next, closing());
      if (close > 0 && beyond(text, MarkupText.blanks(text, close), true) > 0) {
        return last(text, i, close);
      }
      if (declares(text, next)) {
        return take(text, i, behind);
      }
    }
    for (String end : new String[] {closing(), wrapperClosing()}) {
      for (int i = end.isEmpty() ? MORE : MarkupText.find(text, at, end);
          i >= 0;
          i = MarkupText.find(text, i + 1, end)) {
        int next = MarkupText.blanks(text, i + end.length());
        if (beyond(text, next, true) > 0 || token(text, next, wrapperClosing()) > 0) {
          return last(text, i, end.equals(closing()) ? i + end.length() : i);
        }
      }
    }
    return MORE;
  }

  /** Ends the call with this value, unless a further parameter has begun in it. */
  private int last(CharSequence text, int end, int close) {
    ValueTags inside = new ValueTags(at);
    inside.read(text, end);
    if (inside.open > 0 && inside.splitAt >= 0) {
      return take(text, inside.splitAt, inside.splitAt);
    }
    put(text, end);
    return found(close);
  }

  /** Returns whether a declared parameter that has no value yet begins at a position. */
  private boolean declares(CharSequence text, int position) {
    int open = parameterOpening == null ? NO : MarkupText.after(text, position, parameterOpening);
    String next = open > 0 ? keyAt(text, open) : null;
    return next != null
        && !next.equals(key)
        && !arguments.containsKey(next)
        && tools.schema(name).mayHave(next);
  }

  /**
   * Returns the position behind the tag with which the call goes on. If there is none, the closing
   * tag before it belongs to the value: a file about this very format is an argument like any
   * other. A tag that shows that the call's own closing tag is missing counts only where nothing
   * else follows it.
   */
  private int follows(CharSequence text, int behind, boolean last) {
    int next = MarkupText.blanks(text, behind);
    int close = token(text, next, closing());
    int open = parameterOpening == null ? NO : MarkupText.after(text, next, parameterOpening);
    if (close > 0) {
      return quoted(text, close, last);
    }
    if (open > 0) {
      return open;
    }
    int beyond = beyond(text, next, last);
    return beyond > 0 ? beyond : close == MORE || open == MORE || beyond == MORE ? MORE : NO;
  }

  /**
   * Returns the position of a call's end, or {@link #NO} if a quotation mark stands behind it: then
   * all the closing tags are a string in a value.
   */
  private int quoted(CharSequence text, int end, boolean last) {
    int wrapper = token(text, end, wrapperClosing());
    int behind = Math.max(end, wrapper);
    if (!last && (wrapper == MORE || behind == text.length())) {
      return MORE;
    }
    return behind < text.length() && QUOTES.indexOf(text.charAt(behind)) >= 0 ? NO : end;
  }

  /**
   * Returns a position above 0 if something stands here that is beyond the call: the wrapper's end
   * with nothing or another call behind it, another call, or the natural end of the completion.
   */
  private int beyond(CharSequence text, int position, boolean last) {
    int next = position;
    int wrapper = token(text, next, wrapperClosing());
    if (wrapper > 0) {
      next = MarkupText.blanks(text, wrapper);
    }
    if (next == text.length()) {
      return !last ? MORE : endsNaturally() ? Math.max(1, next) : NO;
    }
    int call = Math.max(token(text, next, opening()), token(text, next, wrapperOpening()));
    return call == NO && wrapper == MORE ? MORE : call;
  }

  private static int token(CharSequence text, int position, String token) {
    return token.isEmpty() ? NO : MarkupText.after(text, position, token);
  }

  /** The tags of this family inside a value, up to a position. */
  private final class ValueTags {
    private int counted;

    /** The calls that have begun inside the value and not ended. */
    private int nested;

    /** The parameters that have begun inside the value and not ended. */
    private int open;

    /** The first of those that may be the call's next parameter; -1 if there is none. */
    private int splitAt = -1;

    /** The first end of a call that has no beginning inside the value; -1 if there is none. */
    private int endedAt = -1;

    ValueTags(int from) {
      counted = from;
    }

    private void read(CharSequence text, int end) {
      for (int i = counted; i < end; i++) {
        if (token(text, i, opening()) > 0) {
          nested++;
        } else if (token(text, i, closing()) > 0) {
          endedAt = nested == 0 && endedAt < 0 ? i : endedAt;
          nested = Math.max(nested - 1, 0);
        } else if (nested == 0 && token(text, i, valueClose) > 0) {
          open = Math.max(open - 1, 0);
          splitAt = open == 0 ? -1 : splitAt;
        } else if (nested == 0 && MarkupText.after(text, i, parameterOpening) > 0) {
          open++;
          splitAt = splitAt < 0 && begins(text, i) ? i : splitAt;
        }
      }
      counted = end;
    }

    /** Returns whether the call's next parameter may begin here, and not a mention of one. */
    private boolean begins(CharSequence text, int position) {
      char before = position == at ? '\n' : text.charAt(position - 1);
      boolean mentioned =
          before != '\n' && (MarkupText.isBlank(before) || "\"'`(“‘".indexOf(before) >= 0);
      return !mentioned && declares(text, position);
    }
  }
}
