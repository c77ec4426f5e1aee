package io.caravan.markup;

import java.util.ArrayList;
import java.util.List;

/**
 * The literal strings of a document, divided into what a parser looks for. A literal of several
 * tags is divided before each of them, since blanks may stand there.
 */
final class CallForm {
  static final String CALLS = "{calls}";
  static final String NAME = "{name}";
  static final String ARGUMENTS = "{arguments}";
  static final String KEY = "{key}";
  static final String VALUE = "{value}";
  private static final String ID = "{id}";

  /** The first tag of the wrapper; empty if there is none. */
  final String wrapperOpen;

  /** The tags of the wrapper behind its first one. */
  final List<String> wrapperRest;

  /** The end of the wrapper; empty if there is none. */
  final String wrapperClose;

  /** The tags of the call before its name, without a quotation mark; the id may come first. */
  final List<String> head;

  /** The tags between id and name; empty if there is no id. */
  final List<String> behindId;

  /** The text between the name and the arguments; empty if there is none. */
  final String behindName;

  /** The end of the call; empty if there is none. */
  final String close;

  /** The tags behind the end of the call. */
  final List<String> afterClose;

  /** The beginning of an argument, without a quotation mark; null if the arguments are JSON. */
  final String argument;

  /** The text behind the key, up to the end of its tag. */
  final String behindKey;

  /** The tags between the key's tag and the value. */
  final List<String> beforeValue;

  /** The end of the value, without its line end; null if the arguments are JSON. */
  final String valueClose;

  final boolean quotedName;
  final boolean quotedKey;
  final boolean lineBefore;
  final boolean lineAfter;

  CallForm(MarkupDocument document) {
    List<String> wrapper = tags(document.open());
    wrapperOpen = wrapper.isEmpty() ? "" : wrapper.get(0);
    wrapperRest = wrapper.isEmpty() ? List.of() : wrapper.subList(1, wrapper.size());
    wrapperClose = document.close();
    String call = document.call();
    int name = call.indexOf(NAME);
    int id = call.indexOf(ID);
    boolean withId = id >= 0 && id < name;
    int arguments = call.indexOf(ARGUMENTS);
    String beforeName = call.substring(withId ? id + ID.length() : 0, name);
    quotedName = isQuoted(beforeName);
    head = tags(unquoted(withId ? call.substring(0, id) : beforeName));
    behindId = withId ? tags(unquoted(beforeName)) : List.of();
    behindName = afterQuote(call.substring(name + NAME.length(), arguments), quotedName);
    List<String> end = tags(call.substring(arguments + ARGUMENTS.length()));
    close = end.isEmpty() ? "" : end.get(0);
    afterClose = end.isEmpty() ? List.of() : end.subList(1, end.size());
    String form = document.argument();
    if (form.isEmpty()) {
      argument = null;
      behindKey = "";
      beforeValue = List.of();
      valueClose = null;
      quotedKey = false;
      lineBefore = false;
      lineAfter = false;
      return;
    }
    int key = form.indexOf(KEY);
    int value = form.indexOf(VALUE);
    String before = form.substring(0, key);
    String between = form.substring(key + KEY.length(), value);
    String after = form.substring(value + VALUE.length());
    quotedKey = isQuoted(before);
    argument = unquoted(before).strip();
    lineBefore = between.endsWith("\n");
    lineAfter = after.startsWith("\n");
    List<String> middle = tags(afterQuote(between, quotedKey).strip());
    behindKey = middle.isEmpty() ? "" : middle.get(0);
    beforeValue = middle.isEmpty() ? List.of() : middle.subList(1, middle.size());
    valueClose = after.strip();
  }

  private static boolean isQuoted(String before) {
    return before.endsWith("\"") || before.endsWith("'");
  }

  private static String unquoted(String text) {
    return isQuoted(text) ? text.substring(0, text.length() - 1) : text;
  }

  private static String afterQuote(String text, boolean quoted) {
    return quoted && (text.startsWith("\"") || text.startsWith("'")) ? text.substring(1) : text;
  }

  /** Divides a literal before each tag and behind it. */
  static List<String> tags(String literal) {
    List<String> tags = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= literal.length(); i++) {
      if (i == literal.length() || isBoundary(literal.charAt(i - 1), literal.charAt(i))) {
        String tag = literal.substring(from, i).strip();
        if (!tag.isEmpty()) {
          tags.add(tag);
        }
        from = i;
      }
    }
    return List.copyOf(tags);
  }

  private static boolean isBoundary(char before, char behind) {
    return (behind == '<' && before != '<') || (before == '>' && behind != '>');
  }

  /**
   * Returns the position behind tags. Some may be missing: models and servers leave them out.
   *
   * @param needed whether the last one has to be there
   */
  static int after(CharSequence text, int at, List<String> tags, boolean needed) {
    int position = at;
    for (int i = 0; i < tags.size(); i++) {
      int next = MarkupText.blanks(text, position);
      int behind = MarkupText.after(text, next, tags.get(i));
      if (behind == MarkupText.MORE) {
        return MarkupText.MORE;
      }
      if (behind > 0) {
        position = behind;
      } else if (needed && i == tags.size() - 1) {
        return MarkupText.NO;
      }
    }
    return position;
  }

  /** Returns the tag with which a call begins. */
  String opening() {
    return head.isEmpty() ? wrapperOpen : head.get(head.size() - 1);
  }

  /** Returns whether a tag is a control token of a vocabulary, which prose doesn't hold. */
  static boolean isControl(String tag) {
    return tag.indexOf('|') >= 0 || tag.indexOf('｜') >= 0;
  }
}
