package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads calls that make up a whole response, and gives up as soon as they can't. */
final class WholeAnswerParser extends MarkupParser {
  private static final Set<String> LANGUAGES =
      Set.of("", "json", "tool_call", "tool_code", "python", "xml");

  private static final Set<String> NAMES = Set.of("name", "tool_name", "tool", "function");
  private static final Set<String> OTHERS =
      Set.of("arguments", "parameters", "args", "input", "tool_input");
  private static final Set<String> IDS = Set.of("id", "tool_call_id", "call_id", "type");

  private final boolean fenced;
  private final DeclaredTools tools;
  private final List<MarkupCall> calls = new ArrayList<>();
  private int at = -1;
  private int end;
  private JsonSpan json;
  private PythonSpan python;

  WholeAnswerParser(boolean fenced, DeclaredTools tools) {
    this.fenced = fenced;
    this.tools = tools;
  }

  @Override
  int read(CharSequence text, boolean last) {
    if (at < 0) {
      int begin = fenced ? fence(text) : 0;
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

  /** Reads the fence and its language, and returns the index behind its line. */
  private static int fence(CharSequence text) {
    int from = WholeAnswerMarkup.FENCE.length();
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        String language = MarkupText.string(text, from, i).strip();
        return LANGUAGES.contains(language) ? i + 1 : NO;
      }
      if (i - from > MarkupText.MAX_NAME) {
        return NO;
      }
    }
    return MORE;
  }

  private int next(CharSequence text, boolean last) {
    int position = MarkupText.blanks(text, at);
    if (position == text.length()) {
      return end > 0 && last && !fenced ? found(end, calls) : MORE;
    }
    char c = text.charAt(position);
    if (end > 0 && (c == ';' || c == ',')) {
      at = position + 1;
      return 0;
    }
    if (fenced && end > 0 && c == '`') {
      int behind = MarkupText.after(text, position, WholeAnswerMarkup.FENCE);
      return behind < 0 ? behind : found(behind, calls);
    }
    int result = c == '{' ? object(text, position, position) : c == '[' ? list(text, position) : NO;
    if (result == NO && end == 0 && fenced) {
      result = python(text, position, position);
    }
    return result;
  }

  private int list(CharSequence text, int position) {
    int inner = MarkupText.blanks(text, position + 1);
    if (inner == text.length()) {
      return MORE;
    }
    return text.charAt(inner) == '{'
        ? object(text, position, inner)
        : python(text, position, inner);
  }

  private int python(CharSequence text, int position, int inner) {
    int name = MarkupText.name(text, inner);
    int open = name < 0 ? name : MarkupText.after(text, name, "(");
    if (open > 0) {
      python =
          tools.resolve(MarkupText.string(text, inner, name)) == null
              ? null
              : new PythonSpan(position);
      return python == null ? NO : 0;
    }
    return open;
  }

  /** Begins an object if its first member may be that of a call. */
  private int object(CharSequence text, int position, int brace) {
    int first = member(text, brace + 1);
    if (first == 0) {
      json = new JsonSpan(position);
    }
    return first;
  }

  /** Returns 0 if a member of a call begins here, {@link #MORE} or {@link #NO}. */
  private int member(CharSequence text, int from) {
    int quote = MarkupText.after(text, MarkupText.blanks(text, from), "\"");
    int close = quote < 0 ? quote : MarkupText.findWithin(text, quote, "\"", MarkupText.MAX_NAME);
    if (close < 0) {
      return close;
    }
    String key = MarkupText.string(text, quote, close);
    if (OTHERS.contains(key)) {
      return 0;
    }
    if (!NAMES.contains(key) && !IDS.contains(key)) {
      return NO;
    }
    int colon = MarkupText.after(text, MarkupText.blanks(text, close + 1), ":");
    int value = colon < 0 ? colon : MarkupText.blanks(text, colon);
    if (value < 0 || value == text.length()) {
      return value == NO ? NO : MORE;
    }
    if (key.equals("function") && text.charAt(value) == '{') {
      return 0;
    }
    int begin = MarkupText.after(text, value, "\"");
    int end = begin < 0 ? begin : MarkupText.findWithin(text, begin, "\"", MarkupText.MAX_NAME);
    if (end < 0) {
      return end;
    }
    String written = MarkupText.string(text, begin, end);
    boolean may =
        NAMES.contains(key)
            ? tools.resolve(written) != null
            : !key.equals("type") || ModelJson.isTypeOfCall(written);
    return may ? 0 : NO;
  }

  private int value(CharSequence text) {
    int behind = json != null ? json.end(text) : python.end(text);
    if (behind < 0) {
      return behind;
    }
    List<MarkupCall> found =
        json != null
            ? ModelJson.certainCalls(MarkupText.string(text, json.start(), behind), tools)
            : fitting(PythonCalls.read(MarkupText.string(text, python.start(), behind), tools));
    if (found.isEmpty()) {
      return NO;
    }
    calls.addAll(found);
    end = behind;
    at = behind;
    json = null;
    python = null;
    return 0;
  }

  private List<MarkupCall> fitting(List<MarkupCall> found) {
    return found.stream()
            .allMatch(call -> tools.fittingCall(call.name(), call.id(), call.arguments()) != null)
        ? found
        : List.of();
  }
}
