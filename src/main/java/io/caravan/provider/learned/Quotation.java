package io.caravan.provider.learned;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Finds the client's own words in an upstream's error. Servers quote the schema or the value that
 * they refuse, so that a client could have them say anything about the model.
 */
public final class Quotation {
  /**
   * The length of a match. Names of fields and numbers, which genuine errors need, have no space.
   */
  private static final int LENGTH = 16;

  /** The most characters of an error that are looked at. */
  private static final int MOST = 16 * 1024;

  private Quotation() {}

  /**
   * Returns whether the error repeats words of the request: 16 characters or more with a space in
   * them, in any case.
   *
   * @param body the request as it went upstream; one that can't be read counts as quoted, and so
   *     does one that is no longer kept
   */
  public static boolean isIn(String error, RawJson body) {
    Set<String> windows = windows(error);
    if (windows.isEmpty()) {
      return false;
    }
    if (body.length() == 0) {
      return true;
    }
    try (JsonParser json = Json.parser(body)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
        if (text && containsAny(json.getText(), windows)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static Set<String> windows(String error) {
    String words = error.substring(0, Math.min(error.length(), MOST)).toLowerCase(Locale.ROOT);
    Set<String> windows = new HashSet<>();
    for (int i = 0; i + LENGTH <= words.length(); i++) {
      String window = words.substring(i, i + LENGTH);
      if (window.indexOf(' ') >= 0) {
        windows.add(window);
      }
    }
    return windows;
  }

  private static boolean containsAny(String text, Set<String> windows) {
    String words = text.toLowerCase(Locale.ROOT);
    for (int i = 0; i + LENGTH <= words.length(); i++) {
      if (windows.contains(words.substring(i, i + LENGTH))) {
        return true;
      }
    }
    return false;
  }
}
