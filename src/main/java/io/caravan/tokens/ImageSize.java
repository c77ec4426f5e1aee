package io.caravan.tokens;

/**
 * The width and height of an image in pixels, from the file's header.
 *
 * <p>Only the few bytes needed are read from the base64 text, wherever they are: the size of a JPEG
 * comes after its colour profile and preview, which may be megabytes.
 */
record ImageSize(long width, long height) {
  /** The most segments of a JPEG before its size. No camera writes more. */
  private static final int MAX_SEGMENTS = 1_000;

  /**
   * Returns the size of a PNG, JPEG, GIF or WebP; null if the data is none of these, cut short, or
   * malformed.
   */
  static ImageSize ofBase64(String base64) {
    if (base64 == null) {
      return null;
    }
    Base64Bytes data = new Base64Bytes(base64);
    ImageSize size = null;
    if (data.matches(0, 0x89, 'P', 'N', 'G')) {
      size = png(data);
    } else if (data.matches(0, 'G', 'I', 'F', '8')) {
      size = new ImageSize(data.littleEndian(6, 2), data.littleEndian(8, 2));
    } else if (data.matches(0, 0xFF, 0xD8, 0xFF)) {
      size = jpeg(data);
    } else if (data.matches(0, 'R', 'I', 'F', 'F') && data.matches(8, 'W', 'E', 'B', 'P')) {
      size = webp(data);
    }
    return size != null && size.width > 0 && size.height > 0 ? size : null;
  }

  /** Reads a PNG, chapter 11.2.1: IHDR is the first chunk. */
  private static ImageSize png(Base64Bytes data) {
    return data.matches(12, 'I', 'H', 'D', 'R')
        ? new ImageSize(data.bigEndian(16, 4), data.bigEndian(20, 4))
        : null;
  }

  /**
   * Reads a JPEG (ITU T.81, B.1.1.3): the frame header is the first marker from SOF0 to SOF15, but
   * DHT, JPG, DAC.
   */
  private static ImageSize jpeg(Base64Bytes data) {
    int at = 2;
    for (int segment = 0; segment < MAX_SEGMENTS; segment++) {
      if (data.at(at) != 0xFF) {
        return null;
      }
      int marker = data.at(at + 1);
      if (marker == 0xFF) {
        at++;
      } else if (marker >= 0xC0
          && marker <= 0xCF
          && marker != 0xC4
          && marker != 0xC8
          && marker != 0xCC) {
        return new ImageSize(data.bigEndian(at + 7, 2), data.bigEndian(at + 5, 2));
      } else if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        at += 2;
      } else if (marker == 0xD9 || marker == 0xDA) {
        return null;
      } else {
        at += 2 + (int) Math.max(2, data.bigEndian(at + 2, 2));
      }
    }
    return null;
  }

  /** Reads a WebP (container specification, RFC 9649): lossy, lossless, or extended. */
  private static ImageSize webp(Base64Bytes data) {
    if (data.matches(12, 'V', 'P', '8', ' ') && data.matches(23, 0x9D, 0x01, 0x2A)) {
      long both = data.littleEndian(26, 4);
      return both < 0 ? null : new ImageSize(both & 0x3FFF, both >> 16 & 0x3FFF);
    }
    if (data.matches(12, 'V', 'P', '8', 'L') && data.at(20) == 0x2F) {
      long bits = data.littleEndian(21, 4);
      return bits < 0 ? null : new ImageSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
    }
    if (data.matches(12, 'V', 'P', '8', 'X')) {
      return new ImageSize(data.littleEndian(24, 3) + 1, data.littleEndian(27, 3) + 1);
    }
    return null;
  }
}
