package io.caravan.attack;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The ways in which an upstream may quote a key. */
final class SpelledKeys {
  /** The letters of a key in a row that give it away. */
  private static final int PIECE = 16;

  private static final Pattern ESCAPE =
      Pattern.compile("\\\\u([0-9a-f]{4})|\\\\x([0-9a-f]{2})|%([0-9a-f]{2})|&#x([0-9a-f]{2});");

  private static final Pattern ENTITY = Pattern.compile("&#([0-9]{2,3});");

  private SpelledKeys() {}

  static List<String> of(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    String base64 = Base64.getEncoder().encodeToString(bytes);
    return List.of(
        key,
        "Bearer " + key,
        key.toUpperCase(Locale.ROOT),
        key.substring(0, 20) + "...",
        "…" + key.substring(20),
        URLEncoder.encode(key, StandardCharsets.UTF_8),
        each(key, c -> "%%%02x".formatted(c)),
        base64,
        base64.substring(0, 20) + "\n" + base64.substring(20),
        HexFormat.of().formatHex(bytes),
        HexFormat.ofDelimiter(":").formatHex(bytes),
        key.replaceAll("(.{8})", "$1\n"),
        key.replaceAll("(.{4})", "$1 "),
        key.replaceAll("(.{5})", "$1\" + \""),
        each(key, c -> "\\u%04x".formatted(c)),
        each(key, c -> "\\x%02x".formatted(c)),
        each(key, c -> "&#%d;".formatted(c)),
        each(key, c -> "&#x%x;".formatted(c)),
        each(key, c -> (char) c + "\u200b"));
  }

  private static String each(String key, IntFunction<String> form) {
    return key.chars().mapToObj(form).collect(Collectors.joining());
  }

  /** Returns whether a text has a piece of the key, in any of these forms. */
  static boolean isIn(String text, String key) {
    String plain = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i < 3; i++) {
      plain = plain.replace("\\n", "").replace("\\\\", "\\");
      plain =
          ESCAPE
              .matcher(plain)
              .replaceAll(found -> character(found.group().replaceAll("^(&#x|\\\\.|%)|;", ""), 16));
      plain = ENTITY.matcher(plain).replaceAll(found -> character(found.group(1), 10));
    }
    String letters = letters(plain);
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return hasPiece(letters, letters(key))
        || hasPiece(letters, letters(Base64.getEncoder().encodeToString(bytes)))
        || hasPiece(letters, HexFormat.of().formatHex(bytes));
  }

  private static String character(String digits, int radix) {
    char character = (char) Integer.parseInt(digits, radix);
    return Character.isLetterOrDigit(character) ? String.valueOf(character) : "";
  }

  private static String letters(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static boolean hasPiece(String text, String key) {
    for (int i = 0; i + PIECE <= key.length(); i++) {
      if (text.contains(key.substring(i, i + PIECE))) {
        return true;
      }
    }
    return false;
  }
}
