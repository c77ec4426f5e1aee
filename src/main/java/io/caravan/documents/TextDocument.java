package io.caravan.documents;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A document that is text. */
final class TextDocument {
  private TextDocument() {}

  static ReadDocument read(byte[] bytes, DocumentLimits limits) {
    return page(text(bytes), limits);
  }

  /** Returns a text as the only page, cut to its limit. */
  static ReadDocument page(String text, DocumentLimits limits) {
    boolean cut = text.length() > limits.characters();
    String kept = cut ? text.substring(0, limits.characters()) : text;
    String end =
        cut ? "no more than " + limits.characters() + " characters of a document are read" : null;
    return new ReadDocument(0, List.of(new ReadDocument.Page(kept, null)), end);
  }

  /** Decodes a text: UTF-16 by its mark, UTF-8 where it is valid, and else Windows' own. */
  static String text(byte[] bytes) {
    int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    if (mark == 0xfeff || mark == 0xfffe) {
      return new String(bytes, StandardCharsets.UTF_16);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      return new String(bytes, Charset.forName("windows-1252"));
    }
  }
}
