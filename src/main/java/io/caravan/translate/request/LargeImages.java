package io.caravan.translate.request;

import io.caravan.json.RawJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * Finds the large images in a converted request and replaces each by a name. It looks for the bytes
 * that {@code MessageWriter} writes around an image: in a string of the client's their quotes would
 * be escaped.
 */
public final class LargeImages {
  private static final byte[] BEFORE = ascii("\"image_url\":{\"url\":\"data:");
  private static final byte[] BASE64 = ascii(";base64,");

  private LargeImages() {}

  /**
   * An image in a request.
   *
   * @param hash the hash of its content and type
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Image(String mediaType, byte[] bytes, String hash) {}

  /**
   * Returns a request in which large images are replaced by names.
   *
   * @param aboveBytes the size above which an image is large
   * @param names returns the name of an image; it is written as {@code data:TYPE;asset_id,NAME}
   */
  public static RawJson replaced(RawJson body, int aboveBytes, Function<Image, String> names) {
    byte[] json = body.buffer();
    int end = body.offset() + body.length();
    ByteArrayOutputStream out = null;
    int copied = body.offset();
    for (int at = find(json, copied, end, BEFORE); at >= 0; at = find(json, at, end, BEFORE)) {
      int type = at + BEFORE.length;
      int mark = find(json, type, Math.min(end, type + 64), BASE64);
      at = type;
      if (mark < 0) {
        continue;
      }
      int data = mark + BASE64.length;
      int quote = data;
      while (json[quote] != '"') {
        quote++;
      }
      if ((quote - data) / 4L * 3 > aboveBytes) {
        out = out == null ? new ByteArrayOutputStream(body.length()) : out;
        Image image = image(json, type, mark, data, quote);
        out.write(json, copied, mark - copied);
        out.writeBytes(ascii(";asset_id," + names.apply(image)));
        copied = quote;
      }
      at = quote;
    }
    if (out == null) {
      return body;
    }
    out.write(json, copied, end - copied);
    byte[] named = out.toByteArray();
    return new RawJson(named, 0, named.length);
  }

  private static Image image(byte[] json, int type, int mark, int data, int quote) {
    String mediaType = new String(json, type, mark - type, StandardCharsets.US_ASCII);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(json, type, quote - type);
      byte[] bytes = Base64.getMimeDecoder().decode(Arrays.copyOfRange(json, data, quote));
      return new Image(mediaType, bytes, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int find(byte[] json, int from, int end, byte[] what) {
    for (int at = from; at <= end - what.length; at++) {
      if (json[at] == what[0] && Arrays.equals(json, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
