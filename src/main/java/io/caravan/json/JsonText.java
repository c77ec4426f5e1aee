package io.caravan.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A text as the JSON string it came in: it is decoded where somebody reads it. Of a conversation
 * most texts are only counted and sent on, which take the bytes as they are.
 *
 * <p>Two are equal where they say the same, however it was written. Safe to use from several
 * threads: what is worked out later, is the same each time.
 */
public final class JsonText {
  public static final JsonText EMPTY = of("");

  private final int length;

  /** Null where the text was no JSON. */
  private final RawJson json;

  /** Null as long as nobody has read what came as JSON. */
  private String text;

  private JsonText(int length, String text, RawJson json) {
    this.length = length;
    this.text = text;
    this.json = json;
  }

  /** A text that isn't JSON yet. */
  public static JsonText of(String text) {
    return new JsonText(text.length(), text, null);
  }

  /**
   * A string of a document, as it stands there.
   *
   * @param from where its opening quote is
   * @return null where it can't be sent on as it is, so that it has to be decoded: it is no valid
   *     JSON or UTF-8, or names a surrogate by an escape, which may be half a pair
   */
  public static JsonText in(byte[] buffer, int from) {
    StringScan scan = new StringScan(buffer);
    int end = scan.end(from);
    return end < 0
        ? null
        : new JsonText(scan.characters(), null, new RawJson(buffer, from, end - from));
  }

  /** Texts one behind the other, with something between them. */
  public static JsonText join(String separator, List<JsonText> texts) {
    if (texts.size() == 1) {
      return texts.get(0);
    }
    if (texts.isEmpty()) {
      return EMPTY;
    }
    int room = 2;
    int length = -separator.length();
    boolean halves = false;
    for (JsonText text : texts) {
      room += 2 * separator.length() + (text.json == null ? text.length : text.json.length());
      length += text.length + separator.length();
      halves |= text.json == null && Surrogates.hasHalf(text.text);
    }
    if (halves) {
      // Two halves may become a pair.
      return of(String.join(separator, texts.stream().map(JsonText::toString).toList()));
    }
    JsonBytes out = new JsonBytes(room).raw('"');
    String before = "";
    for (JsonText text : texts) {
      text.inside(out.string(before));
      before = separator;
    }
    out.raw('"');
    return new JsonText(length, null, new RawJson(out.buffer(), 0, out.length()));
  }

  /** This text with another before it. */
  public JsonText after(String beginning) {
    return join("", List.of(of(beginning), this));
  }

  /** Writes the string in its quotes. */
  void writeTo(JsonBytes out) {
    out.raw('"');
    inside(out);
    out.raw('"');
  }

  private void inside(JsonBytes out) {
    if (json == null) {
      out.string(text);
    } else {
      out.raw(json.buffer(), json.offset() + 1, json.length() - 2);
    }
  }

  /** The string in its quotes; of half a surrogate pair, for which UTF-8 has no form, U+FFFD. */
  public RawJson json() {
    if (json != null) {
      return json;
    }
    JsonBytes out = new JsonBytes(length + length / 8 + 16);
    writeTo(out);
    return new RawJson(out.buffer(), 0, out.length());
  }

  /** Length in characters of the text, as Java counts them. */
  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** Whether there is nothing but white space. */
  public boolean isBlank() {
    if (json == null) {
      return text.isBlank();
    }
    int end = json.offset() + json.length() - 1;
    int at = behindSpaces(json.buffer(), json.offset() + 1, end);
    if (at == end) {
      return true;
    }
    int next = json.buffer()[at] & 0xFF;
    // Other white space is written as an escape, or begins with one of these bytes.
    return (next == '\\' || (next >= 0xE1 && next <= 0xE3)) && toString().isBlank();
  }

  private static int behindSpaces(byte[] json, int from, int end) {
    int at = from;
    while (at < end) {
      if (json[at] == ' ') {
        at++;
      } else if (json[at] == '\\' && "nrt".indexOf(json[at + 1]) >= 0) {
        at += 2;
      } else {
        return at;
      }
    }
    return at;
  }

  /** Whether the text begins with another, of ASCII. */
  public boolean startsWith(String beginning) {
    if (length < beginning.length()) {
      return false;
    }
    if (json == null) {
      return text.startsWith(beginning);
    }
    for (int i = 0; i < beginning.length(); i++) {
      byte here = json.buffer()[json.offset() + 1 + i];
      if (here == '\\') {
        return toString().startsWith(beginning);
      }
      if (here != beginning.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The text itself, decoded. */
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known = decode(json, length);
      text = known;
    }
    return known;
  }

  private static String decode(RawJson json, int length) {
    if (length == json.length() - 2) {
      // A byte for each character: neither escapes nor others than ASCII.
      return new String(json.buffer(), json.offset() + 1, length, StandardCharsets.ISO_8859_1);
    }
    try (JsonParser p = Json.parser(json)) {
      p.nextToken();
      return p.getText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonText text
        && length == text.length
        && toString().equals(text.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
