package io.caravan.markup;

/**
 * What surrounds the end of the text that has gone out: whether it is inside of code, and what the
 * line holds so far. Markdown by the CommonMark specification as far as fences and code spans go.
 *
 * <p>An answer about tool calling shows them in code; what stands there is never markup.
 */
final class MarkdownContext {
  private static final String SENTENCE_ENDS = ".!?:;)]}>*…。！？：；）」";
  private static final String QUOTES = "\"'`“‘«(";

  /** A fence may stand in a list or in a quotation. */
  private static final String MARGIN = " \t>*+-.)0123456789";

  private int fence;
  private char fenceChar;
  private boolean fenceLine;
  private boolean closing;
  private int span;
  private int run;
  private char runChar;
  private boolean runAtMargin;
  private boolean margin = true;
  private char last;
  private boolean blank;

  /** Whether a token that comes next stands in a fence or in a code span. */
  boolean inCode() {
    endRun();
    return fence > 0 || span > 0;
  }

  /** Whether the character before is an opening quotation mark. */
  boolean quoted() {
    return last != 0 && !blank && QUOTES.indexOf(last) >= 0;
  }

  /** Whether a line or a sentence begins here, or a token would stick to the word before it. */
  boolean atBreak() {
    return last == 0 || (blank ? SENTENCE_ENDS.indexOf(last) >= 0 : !quoted());
  }

  /** Forgets the line: what comes next stands behind markup that was taken out. */
  void newLine() {
    take('\n');
  }

  /** Takes in text that goes out. */
  void take(CharSequence text, int from, int to) {
    for (int i = from; i < to; i++) {
      take(text.charAt(i));
    }
  }

  /**
   * Takes in text up to a character with which a token may begin, outside of code.
   *
   * @return its position, or the end
   */
  int takeUntilToken(CharSequence text, int from, int to, Markers markers) {
    int plain = from;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      boolean token = markers.mayBegin(c);
      if (!token && c != '\n' && c != '`' && c != '~') {
        continue;
      }
      plain(text, plain, i);
      if (token && !inCode()) {
        return i;
      }
      take(c);
      plain = i + 1;
    }
    plain(text, plain, to);
    return to;
  }

  /** Takes in one character. */
  void take(char c) {
    if (c == '\n') {
      endLine();
    } else if (c == '`' || c == '~') {
      if (run == 0 || runChar != c) {
        endRun();
        runChar = c;
        runAtMargin = margin;
      }
      run++;
    } else {
      endRun();
      if (MarkupText.isBlank(c)) {
        blank = true;
      } else {
        last = c;
        blank = false;
        closing = false;
        margin = margin && MARGIN.indexOf(c) >= 0;
      }
    }
  }

  /** Takes in text without line ends, backticks and tildes: only its end matters. */
  private void plain(CharSequence text, int from, int to) {
    if (from == to) {
      return;
    }
    if (margin) {
      take(text, from, to);
      return;
    }
    endRun();
    int end = to;
    while (end > from && MarkupText.isBlank(text.charAt(end - 1))) {
      end--;
    }
    blank = end < to;
    if (end > from) {
      last = text.charAt(end - 1);
      closing = false;
    }
  }

  private void endLine() {
    endRun();
    if (closing) {
      fence = 0;
      closing = false;
    }
    fenceLine = false;
    span = 0;
    margin = true;
    last = 0;
    blank = false;
  }

  private void endRun() {
    if (run == 0) {
      return;
    }
    int length = run;
    run = 0;
    last = runChar;
    blank = false;
    margin = false;
    if (fence > 0) {
      endRunInFence(length);
    } else if (runAtMargin && length >= 3) {
      fence = length;
      fenceChar = runChar;
      fenceLine = true;
    } else if (runChar == '`') {
      span = span == 0 ? length : span == length ? 0 : span;
    }
  }

  private void endRunInFence(int length) {
    if (fenceLine) {
      // A line of code between backticks, not a fence: its first line can't hold them.
      if (fenceChar == '`' && runChar == '`') {
        fence = 0;
        fenceLine = false;
      }
    } else if (runAtMargin && runChar == fenceChar && length >= fence) {
      closing = true;
    }
  }
}
