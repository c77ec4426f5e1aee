package io.caravan.markup;

/** Reads a call by the literal strings of a {@link MarkupDocument}. */
final class DocumentParser extends TagCallParser {
  private static final String CDATA = "<![CDATA[";
  private static final String CDATA_END = "]]>";

  private final CallForm form;
  private final int wrapper;

  /**
   * @param wrapper the length of the wrapper's first tag; 0 if the text begins with the call
   */
  DocumentParser(CallForm form, int wrapper, DeclaredTools tools) {
    super(tools, form.argument, form.valueClose);
    this.form = form;
    this.wrapper = wrapper;
  }

  /** Reads the arguments alone, of a call whose name is known. */
  DocumentParser(CallForm form, String name, DeclaredTools tools) {
    this(form, 0, tools);
    this.name = name;
  }

  @Override
  int head(CharSequence text) {
    if (name != null) {
      return 0;
    }
    int at = wrapper == 0 ? 0 : CallForm.after(text, wrapper, form.wrapperRest, false);
    at = at < 0 ? at : CallForm.after(text, at, form.head, true);
    if (at > 0 && !form.behindId.isEmpty()) {
      int from = MarkupText.blanks(text, at);
      int to = MarkupText.name(text, from);
      at = to < 0 ? to : CallForm.after(text, to, form.behindId, true);
      id = at < 0 ? null : MarkupText.string(text, from, to);
    }
    return at < 0 ? at : name(text, MarkupText.blanks(text, at));
  }

  private int name(CharSequence text, int at) {
    int from = at + quote(text, at, form.quotedName);
    int to = MarkupText.name(text, from);
    if (to < 0) {
      return from >= text.length() ? MORE : to;
    }
    name = MarkupText.string(text, from, to);
    int behind = to;
    if (from > at) {
      behind = closingQuote(text, to, text.charAt(at));
    }
    if (behind > 0 && !form.behindName.isEmpty()) {
      behind = endOfTag(text, behind, form.behindName);
    }
    if (behind < 0 || form.valueClose == null) {
      return forget(behind);
    }
    // GLM 5.2 writes such a tag behind a name without arguments (fw-ai-external/python-sdk#119).
    int stray = MarkupText.after(text, MarkupText.blanks(text, behind), form.valueClose);
    return forget(stray == NO ? behind : stray);
  }

  /** Forgets the name if the head has to be read again. */
  private int forget(int result) {
    name = result < 0 ? null : name;
    return result;
  }

  /** Returns 1 if a quotation mark stands where one may. */
  private static int quote(CharSequence text, int at, boolean quoted) {
    return quoted && at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')
        ? 1
        : 0;
  }

  private static int closingQuote(CharSequence text, int at, char quote) {
    return MarkupText.after(text, at, String.valueOf(quote));
  }

  /** Returns the position behind the rest of a tag, which may have further attributes. */
  private static int endOfTag(CharSequence text, int at, String end) {
    int next = MarkupText.blanks(text, at);
    int behind = MarkupText.after(text, next, end);
    if (behind != NO || !end.equals(">") || next == at) {
      return behind;
    }
    int close = MarkupText.findWithin(text, next, ">", MarkupText.MAX_NAME);
    return close < 0 ? close : close + 1;
  }

  @Override
  int parameter(CharSequence text, int at) {
    int from = at + quote(text, at, form.quotedKey);
    return from > at
        ? parameter(text, from, find(text, from, String.valueOf(text.charAt(at))), 1)
        : parameter(text, from, find(text, from, form.behindKey), 0);
  }

  /**
   * @param to the end of the key
   * @param quote the length of the quotation mark behind it
   */
  private int parameter(CharSequence text, int from, int to, int quote) {
    // The end of the key's tag may be missing, but not the value's beginning.
    String opening = quote > 0 || form.beforeValue.isEmpty() ? "" : form.beforeValue.get(0);
    int unclosed = opening.isEmpty() ? NO : find(text, from, opening);
    if (unclosed >= 0 && (to < 0 || unclosed < to)) {
      key = MarkupText.string(text, from, unclosed).strip();
      return CallForm.after(text, unclosed, form.beforeValue, true);
    }
    if (to < 0) {
      return to;
    }
    int behind = endOfTag(text, to + quote, form.behindKey);
    int value = behind < 0 ? behind : CallForm.after(text, behind, form.beforeValue, true);
    if (value > 0) {
      String written = MarkupText.string(text, from, to).strip();
      int attributes = quote > 0 ? -1 : written.indexOf(' ');
      key = attributes < 0 ? written : written.substring(0, attributes);
    }
    return value;
  }

  private static int find(CharSequence text, int from, String token) {
    return MarkupText.findWithin(text, from, token, MarkupText.MAX_NAME);
  }

  @Override
  String keyAt(CharSequence text, int at) {
    String before = key;
    int value = parameter(text, at);
    String found = value > 0 ? key : null;
    key = before;
    return found;
  }

  @Override
  String opening() {
    return form.opening();
  }

  @Override
  String closing() {
    return form.close;
  }

  @Override
  String wrapperOpening() {
    return form.wrapperOpen;
  }

  @Override
  String wrapperClosing() {
    return form.wrapperClose;
  }

  /** Returns the JSON of a value, without the line ends that belong to the tags. */
  @Override
  String value(String parameter, String text, ToolSchema schema) {
    int from = form.lineBefore && text.startsWith("\n") ? 1 : 0;
    boolean line = form.lineAfter && text.length() > from && text.endsWith("\n");
    String value = text.substring(from, line ? text.length() - 1 : text.length());
    String inner = value.strip();
    boolean data = inner.startsWith(CDATA) && inner.endsWith(CDATA_END);
    return TypedValue.json(
        data ? inner.substring(CDATA.length(), inner.length() - CDATA_END.length()) : value,
        schema);
  }
}
