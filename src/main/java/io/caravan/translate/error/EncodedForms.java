package io.caravan.translate.error;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/** The texts in which a key may stand where it was encoded: in a URL, in basic authentication. */
final class EncodedForms {
  /** The bits of a letter of Base64. */
  private static final int LETTER = 6;

  private EncodedForms() {}

  /** Returns the forms of a key that differ from it. */
  static Set<String> of(String key) {
    Set<String> forms = new HashSet<>();
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    forms.add(URLEncoder.encode(key, StandardCharsets.UTF_8));
    forms.add(key.replace("/", "\\/"));
    forms.add(HexFormat.of().formatHex(bytes));
    for (int before = 0; before < 3; before++) {
      String inner = inner(bytes, before);
      forms.add(inner);
      forms.add(inner.replace('+', '-').replace('/', '_'));
    }
    forms.remove(key);
    return forms;
  }

  /**
   * Returns the letters of Base64 that depend on the key alone.
   *
   * @param before the bytes that stand before the key, as in {@code user:key}
   */
  private static String inner(byte[] key, int before) {
    byte[] shifted = new byte[before + key.length];
    System.arraycopy(key, 0, shifted, before, key.length);
    String all = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int first = (before * Byte.SIZE + LETTER - 1) / LETTER;
    int last = shifted.length * Byte.SIZE / LETTER;
    return all.substring(first, last);
  }
}
