package io.caravan.senses;

import io.caravan.anthropic.Source;
import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An image to be described.
 *
 * @param source the image as base64 or by URL
 * @param question the user's words when it came
 * @param page true for a scanned page, whose text is wanted
 */
public record Picture(Source source, String question, boolean page) {
  /** Returns a hash of the content, or of the URL. */
  String hash() {
    return hash(source, page ? 'p' : 'i');
  }

  /**
   * Returns a hash of an attachment's content and type, or of its URL.
   *
   * @param use distinguishes two uses of the same content
   */
  static String hash(Source source, char use) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((use + " " + source.mediaType() + " ").getBytes(StandardCharsets.UTF_8));
      if (source.data() != null) {
        RawJson data = source.data().json();
        digest.update(data.buffer(), data.offset(), data.length());
      } else {
        digest.update(source.url().getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
