package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads calls behind an opening: objects like {@code {"name":…,"arguments":{…}}}, lists of them, or
 * calls in Python's notation. Several are joined by {@code ;}, a comma or a line end.
 */
final class CallListParser extends MarkupParser {
  private final int wrapper;
  private final List<String> rest;
  private final DeclaredTools tools;
  private final List<MarkupCall> calls = new ArrayList<>();

  /** The index to read on from; -1 before the opening has been read. */
  private int at = -1;

  /** The end of the last value; 0 if there is none yet. */
  private int end;

  private JsonSpan json;
  private PythonSpan python;
  private boolean malformed;

  /**
   * @param wrapper the length of the opening that was found
   * @param tags all tags of the opening; those behind the first may be missing
   */
  CallListParser(int wrapper, List<String> tags, DeclaredTools tools) {
    this.wrapper = wrapper;
    this.rest = tags.subList(Math.min(1, tags.size()), tags.size());
    this.tools = tools;
  }

  @Override
  int read(CharSequence text, boolean last) {
    if (at < 0) {
      int begin = CallForm.after(text, wrapper, rest, false);
      if (begin < 0) {
        return begin;
      }
      at = begin;
    }
    int result = 0;
    while (result == 0) {
      result = json == null && python == null ? next(text, last) : value(text);
    }
    return result;
  }

  /** Looks for the next value. Behind the first one anything else ends the list. */
  private int next(CharSequence text, boolean last) {
    int position = MarkupText.blanks(text, at);
    if (position == text.length()) {
      return end > 0 && last ? ended() : MORE;
    }
    char c = text.charAt(position);
    if (end > 0 && (c == ';' || c == ',')) {
      at = position + 1;
      return 0;
    }
    if (c == '{') {
      json = new JsonSpan(position);
      return 0;
    }
    int inner = c == '[' ? MarkupText.blanks(text, position + 1) : position;
    if (inner == text.length()) {
      return last ? otherwise() : MORE;
    }
    if (c == '[' && text.charAt(inner) == '{') {
      json = new JsonSpan(position);
      return 0;
    }
    int name = MarkupText.name(text, inner);
    int open = name < 0 ? name : MarkupText.after(text, name, "(");
    if (open > 0 && tools.resolve(MarkupText.string(text, inner, name)) != null) {
      python = new PythonSpan(position);
      return 0;
    }
    return open == MORE && !last ? MORE : otherwise();
  }

  private int otherwise() {
    return end > 0 ? ended() : NO;
  }

  private int ended() {
    return found(end, malformed ? List.of() : calls);
  }

  private int value(CharSequence text) {
    int behind = json != null ? json.end(text) : python.end(text);
    if (behind < 0) {
      return behind;
    }
    List<MarkupCall> found =
        json != null
            ? ModelJson.calls(MarkupText.string(text, json.start(), behind), tools)
            : PythonCalls.read(MarkupText.string(text, python.start(), behind), tools);
    malformed |= found.isEmpty();
    calls.addAll(found);
    end = behind;
    at = behind;
    json = null;
    python = null;
    return 0;
  }
}
