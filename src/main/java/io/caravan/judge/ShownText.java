package io.caravan.judge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes JSON harmless for the prompt of a judge. JSON keeps a text in its quotes, but a model's
 * server may read a control token such as {@code <|im_end|>} or {@code [INST]} in any text of a
 * message, and a person or a model does not see a character without width. All of them are written
 * as JSON's escapes, which say the same.
 */
final class ShownText {
  /** The beginning of a control token of any chat template. */
  private static final Pattern CONTROL =
      Pattern.compile("<(?=[|/!\\p{L}_\\uFF5C\\u2581])|\\[(?=/?[A-Za-z][A-Z_]{2,}\\])");

  /** Letters and marks that Unicode lets a display leave out, and the blank of Braille. */
  private static final String BLANK =
      "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u2800\u3164\uFFA0";

  private ShownText() {}

  /** Escapes what stands in the strings of a JSON text. */
  static String of(String json) {
    Matcher control = CONTROL.matcher(json);
    String text = control.replaceAll(found -> unicode(found.group().charAt(0)));
    StringBuilder shown = new StringBuilder(text.length() + 64);
    text.codePoints()
        .forEach(
            character -> {
              if (isInvisible(character)) {
                for (char half : Character.toChars(character)) {
                  shown.append("\\u").append(hex(half));
                }
              } else {
                shown.appendCodePoint(character);
              }
            });
    return shown.toString();
  }

  private static String unicode(char character) {
    return Matcher.quoteReplacement("\\u" + hex(character));
  }

  private static String hex(char character) {
    return String.format("%04x", (int) character);
  }

  /** Returns whether a person, or a model, may not see a character, or not what it is. */
  static boolean isInvisible(int character) {
    return switch (Character.getType(character)) {
      case Character.FORMAT,
          Character.CONTROL,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.SPACE_SEPARATOR -> character != ' ';
      default -> isBlank(character);
    };
  }

  /** Returns whether a letter or a mark has no form of its own: a filler or a selector. */
  private static boolean isBlank(int character) {
    return BLANK.indexOf(character) >= 0
        || (character >= 0xFE00 && character <= 0xFE0F)
        || (character >= 0xE0100 && character <= 0xE01EF);
  }

  /** Returns a text of at most so many characters: its beginning and its end. */
  static String clipped(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int half = most / 2;
    return text.substring(0, half)
        + " […"
        + (text.length() - 2 * half)
        + " characters left out…] "
        + text.substring(text.length() - half);
  }

  /** Returns a JSON tree whose strings are clipped. */
  static Object clippedTree(Object tree, int most) {
    if (tree instanceof String text) {
      return clipped(text, most);
    }
    if (tree instanceof Map<?, ?> map) {
      Map<String, Object> clipped = new LinkedHashMap<>();
      map.forEach((name, value) -> clipped.put((String) name, clippedTree(value, most)));
      return clipped;
    }
    if (tree instanceof List<?> list) {
      List<Object> clipped = new ArrayList<>();
      list.forEach(item -> clipped.add(clippedTree(item, most)));
      return clipped;
    }
    return tree;
  }
}
