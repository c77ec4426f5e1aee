package io.caravan.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A text as the JSON string in which it arrived. It is decoded only when it is read: most texts of
 * a conversation are counted and sent on, and both work on the bytes.
 *
 * <p>Two texts are equal if they say the same, whatever their escapes. Instances may be used by
 * several threads: each would compute the same late values.
 */
public final class JsonText {
  public static final JsonText EMPTY = of("");

  private final int length;

  /** The string in its quotes; null if the text didn't come as JSON. */
  private final RawJson json;

  /** The decoded text; null until it is first read. */
  private String text;

  private JsonText(int length, String text, RawJson json) {
    this.length = length;
    this.text = text;
    this.json = json;
  }

  /** Returns a text that isn't JSON yet. */
  public static JsonText of(String text) {
    return new JsonText(text.length(), text, null);
  }

  /**
   * Returns a string of a document as it stands there.
   *
   * @param from the index of its opening quote
   * @return null if the bytes can't be sent on and the string has to be decoded: it isn't valid
   *     JSON or UTF-8, or it names a surrogate by an escape, which may be half a pair
   */
  public static JsonText in(byte[] buffer, int from) {
    StringScan scan = new StringScan(buffer);
    int end = scan.end(from);
    return end < 0
        ? null
        : new JsonText(scan.characters(), null, new RawJson(buffer, from, end - from));
  }

  /** Joins texts, with a separator between them. */
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

  /** Returns this text with another in front. */
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

  /**
   * Returns the string in its quotes. Half a surrogate pair becomes U+FFFD, since UTF-8 has no form
   * for it.
   */
  public RawJson json() {
    if (json != null) {
      return json;
    }
    JsonBytes out = new JsonBytes(length + length / 8 + 16);
    writeTo(out);
    return new RawJson(out.buffer(), 0, out.length());
  }

  /** Returns the length of the text in Java characters. */
  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** Returns whether the text is empty or only white space. */
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
    // Other white space is escaped or begins with one of these bytes.
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

  /** Returns whether the text begins with a beginning of ASCII characters. */
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

  /** Returns the decoded text. */
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
      // One byte a character: the string holds ASCII only, and no escapes.
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
