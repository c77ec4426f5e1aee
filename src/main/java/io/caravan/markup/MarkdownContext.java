package io.caravan.markup;

/**
 * The state of Markdown at the end of the text that has gone out: whether it is inside code, and
 * how its last line begins. Fences and code spans follow the CommonMark specification.
 *
 * <p>A completion about tool calling shows calls in code. Nothing inside code is markup.
 */
final class MarkdownContext {
  private static final String SENTENCE_ENDS = ".!?:;)]}>*…。！？：；）」";
  private static final String QUOTES = "\"'`“‘«(";

  /** The characters before a fence in a list or a quotation. */
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

  /** Returns whether a token that comes next stands in a fence or a code span. */
  boolean inCode() {
    endRun();
    return fence > 0 || span > 0;
  }

  /** Returns whether the previous character is an opening quotation mark. */
  boolean quoted() {
    return last != 0 && !blank && QUOTES.indexOf(last) >= 0;
  }

  /**
   * Returns whether a line or a sentence begins here, or a token would be glued to the text before
   * it.
   */
  boolean atBreak() {
    return last == 0 || (blank ? SENTENCE_ENDS.indexOf(last) >= 0 : !quoted());
  }

  /** Starts a new line, because markup was taken out. */
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
   * Takes in text up to a character that may begin a token outside code.
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

  /** Takes in text without line ends, backticks and tildes. Only its end matters. */
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
      // A fence's first line can't hold backticks: this is a line of code between backticks.
      if (fenceChar == '`' && runChar == '`') {
        fence = 0;
        fenceLine = false;
      }
    } else if (runAtMargin && runChar == fenceChar && length >= fence) {
      closing = true;
    }
  }
}
