package io.caravan.translate.response;

import java.util.BitSet;

/**
 * Reads a tool call's arguments as they come, in pieces cut anywhere, and knows after every
 * character whether they are a whole JSON object. Counting braces alone, or parsing the text so far
 * after each piece, would take {@code {"a":1} {"b":2}} for one object and cost the square of the
 * length.
 *
 * <p>The text is written out again, with repairs that don't change its meaning: models leave line
 * breaks and tabs in strings unescaped (earendil-works/pi#2981), and write {@code \d} for {@code
 * \\d} in regular expressions (openclaw/openclaw#141323). JSON has neither. A comma behind the last
 * member is dropped if that is wanted.
 */
final class ArgumentsScanner {
  private static final int MAX_NESTING = 500;

  private enum State {
    START,
    VALUE,
    FIRST_ITEM,
    FIRST_NAME,
    NAME,
    COLON,
    AFTER_VALUE,
    STRING,
    ESCAPE,
    UNICODE,
    LITERAL,
    NUMBER,
    COMPLETE,
    BROKEN
  }

  /** The place within a number: {@code -12.5e+3}. */
  private enum Digits {
    SIGN,
    ZERO,
    WHOLE,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS
  }

  private State state = State.START;
  private Digits digits = Digits.SIGN;

  /** The kind at each depth: set for an object, clear for an array. */
  private final BitSet objects = new BitSet();

  private int depth;
  private boolean isName;
  private boolean members;
  private String literal = "";
  private int literalAt;
  private final StringBuilder escape = new StringBuilder(6);
  private boolean repaired;

  /** True if a comma behind the last member is dropped. */
  private final boolean dropsCommas;

  /** A comma, with the white space behind it, that waits for what follows. */
  private final StringBuilder comma = new StringBuilder(4);

  ArgumentsScanner() {
    this(false);
  }

  /**
   * @param dropsCommas whether a comma behind the last member is dropped
   */
  ArgumentsScanner(boolean dropsCommas) {
    this.dropsCommas = dropsCommas;
  }

  /** Returns whether the object has ended. */
  boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** Returns whether the text can't become a JSON object any more. */
  boolean isBroken() {
    return state == State.BROKEN;
  }

  /** Returns whether nothing but white space has come. */
  boolean isBlank() {
    return state == State.START;
  }

  /** Returns whether the object has a member, or the beginning of one. */
  boolean hasMembers() {
    return members;
  }

  /** Returns whether the next character could begin an object inside this one. */
  boolean expectsValue() {
    return state == State.VALUE || state == State.FIRST_ITEM;
  }

  /** Returns whether the written text differs from the text that was read. */
  boolean isRepaired() {
    return repaired;
  }

  /** Drops an escape whose rest has not come, and which has not been written. */
  void dropEscape() {
    if (state == State.ESCAPE || state == State.UNICODE) {
      escape.setLength(0);
      state = State.STRING;
    }
  }

  /**
   * Reads a piece until the piece or the object ends, or the text turns out not to be an object.
   *
   * @param out receives the text without white space before the object
   * @return the index at which it stopped: behind the object, or at the character that no object
   *     has there
   */
  int read(String piece, int from, StringBuilder out) {
    int at = from;
    while (at < piece.length() && state != State.COMPLETE && state != State.BROKEN) {
      if (state == State.STRING) {
        at = string(piece, at, out);
      } else {
        at += step(piece.charAt(at), out);
      }
    }
    return at;
  }

  /** Copies the inside of a string in runs, since it is most of the text. */
  private int string(String piece, int from, StringBuilder out) {
    int at = from;
    while (at < piece.length()) {
      char c = piece.charAt(at);
      if (c == '"' || c == '\\' || c < ' ') {
        break;
      }
      at++;
    }
    out.append(piece, from, at);
    if (at == piece.length()) {
      return at;
    }
    char c = piece.charAt(at);
    if (c == '"') {
      out.append(c);
      state = isName ? State.COLON : State.AFTER_VALUE;
    } else if (c == '\\') {
      escape.append(c);
      state = State.ESCAPE;
    } else {
      repaired = true;
      control(c, out);
    }
    return at + 1;
  }

  private static void control(char c, StringBuilder out) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append("\\u00").append(c < 16 ? '0' : '1').append(hex(c & 15));
    }
  }

  private static char hex(int digit) {
    return Character.forDigit(digit, 16);
  }

  /** Handles a character. It returns 1, or 0 if the character has to be handled again. */
  private int step(char c, StringBuilder out) {
    if (state == State.ESCAPE || state == State.UNICODE) {
      return escaped(c, out);
    }
    if (state == State.NUMBER) {
      return number(c, out);
    }
    if (state == State.LITERAL) {
      literal(c);
    } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      if (state == State.START) {
        return 1;
      }
      if (comma.length() > 0) {
        comma.append(c);
        return 1;
      }
    } else {
      if (comma.length() > 0 && !isCommaLast(c)) {
        writeComma(out);
      }
      structure(c);
      if (c == ',' && dropsCommas && state != State.BROKEN) {
        comma.append(c);
        return 1;
      }
    }
    if (state == State.BROKEN) {
      return 0;
    }
    out.append(c);
    return 1;
  }

  /** Drops the comma that waits if the object or list ends behind it; returns whether it does. */
  private boolean isCommaLast(char c) {
    if (c != (objects.get(depth) ? '}' : ']')) {
      return false;
    }
    comma.setLength(0);
    repaired = true;
    state = State.AFTER_VALUE;
    return true;
  }

  /** Writes the comma that waits, if there is one. */
  void writeComma(StringBuilder out) {
    out.append(comma);
    comma.setLength(0);
  }

  private void structure(char c) {
    switch (state) {
      case START -> {
        if (c == '{') {
          open(true);
        } else {
          state = State.BROKEN;
        }
      }
      case FIRST_NAME, NAME -> {
        if (c == '"') {
          members = true;
          isName = true;
          state = State.STRING;
        } else if (c == '}' && state == State.FIRST_NAME) {
          close();
        } else {
          state = State.BROKEN;
        }
      }
      case COLON -> state = c == ':' ? State.VALUE : State.BROKEN;
      case FIRST_ITEM -> {
        if (c == ']') {
          close();
        } else {
          value(c);
        }
      }
      case VALUE -> value(c);
      case AFTER_VALUE -> afterValue(c);
      default -> state = State.BROKEN;
    }
  }

  private void value(char c) {
    switch (c) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> {
        isName = false;
        state = State.STRING;
      }
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      case '-' -> number(Digits.SIGN);
      case '0' -> number(Digits.ZERO);
      default -> {
        if (c > '0' && c <= '9') {
          number(Digits.WHOLE);
        } else {
          state = State.BROKEN;
        }
      }
    }
  }

  private void afterValue(char c) {
    boolean object = objects.get(depth);
    if (c == ',') {
      state = object ? State.NAME : State.VALUE;
    } else if (c == (object ? '}' : ']')) {
      close();
    } else {
      state = State.BROKEN;
    }
  }

  private void open(boolean object) {
    depth++;
    objects.set(depth, object);
    state = object ? State.FIRST_NAME : State.FIRST_ITEM;
    if (depth > MAX_NESTING) {
      state = State.BROKEN;
    }
  }

  private void close() {
    depth--;
    state = depth == 0 ? State.COMPLETE : State.AFTER_VALUE;
  }

  private void literal(String word) {
    literal = word;
    literalAt = 1;
    state = State.LITERAL;
  }

  private void literal(char c) {
    if (c != literal.charAt(literalAt)) {
      state = State.BROKEN;
    } else if (++literalAt == literal.length()) {
      state = State.AFTER_VALUE;
    }
  }

  private void number(Digits where) {
    digits = where;
    state = State.NUMBER;
  }

  private int number(char c, StringBuilder out) {
    Digits next = nextDigits(c);
    if (next != null) {
      digits = next;
      out.append(c);
      return 1;
    }
    boolean whole =
        digits == Digits.ZERO
            || digits == Digits.WHOLE
            || digits == Digits.FRACTION
            || digits == Digits.EXPONENT_DIGITS;
    state = whole ? State.AFTER_VALUE : State.BROKEN;
    return 0;
  }

  private Digits nextDigits(char c) {
    boolean digit = c >= '0' && c <= '9';
    return switch (digits) {
      case SIGN -> c == '0' ? Digits.ZERO : digit ? Digits.WHOLE : null;
      case ZERO -> pointOrExponent(c);
      case WHOLE -> digit ? Digits.WHOLE : pointOrExponent(c);
      case POINT -> digit ? Digits.FRACTION : null;
      case FRACTION -> digit ? Digits.FRACTION : c == 'e' || c == 'E' ? Digits.EXPONENT : null;
      case EXPONENT ->
          digit ? Digits.EXPONENT_DIGITS : c == '+' || c == '-' ? Digits.EXPONENT_SIGN : null;
      case EXPONENT_SIGN, EXPONENT_DIGITS -> digit ? Digits.EXPONENT_DIGITS : null;
    };
  }

  private static Digits pointOrExponent(char c) {
    return c == '.' ? Digits.POINT : c == 'e' || c == 'E' ? Digits.EXPONENT : null;
  }

  /**
   * Gathers an escape. It is written only once it is whole: until then it may turn out to be a
   * plain backslash.
   */
  private int escaped(char c, StringBuilder out) {
    boolean unicode = state == State.UNICODE;
    if (unicode ? Character.digit(c, 16) >= 0 && c < 128 : "\"\\/bfnrtu".indexOf(c) >= 0) {
      escape.append(c);
      if (c == 'u' && !unicode) {
        state = State.UNICODE;
      } else if (!unicode || escape.length() == 6) {
        endEscape(out);
      }
      return 1;
    }
    repaired = true;
    out.append('\\');
    endEscape(out);
    return 0;
  }

  private void endEscape(StringBuilder out) {
    out.append(escape);
    escape.setLength(0);
    state = State.STRING;
  }
}
