package io.caravan.tokens;

import io.caravan.anthropic.Source;

/**
 * The tokens of an image: one for each patch of 28 by 28 pixels, after scaling it down to the size
 * that the model takes (platform.claude.com, "Vision", as of Claude Opus 4.7; Qwen-VL counts the
 * same way). The base64 text itself is never counted: a megabyte would be 740,000 tokens.
 */
public final class ImageTokens {
  private int patch = 28;
  private int maxEdge = 2_576;
  private int maxTokens = 4_784;
  private int unknown = 1_600;

  /** Returns the tokens of an image by its pixels. */
  long ofSize(ImageSize size) {
    double scale = Math.min(1, (double) maxEdge / Math.max(size.width(), size.height()));
    double across = Math.ceil(size.width() * scale / patch);
    double down = Math.ceil(size.height() * scale / patch);
    return (long) Math.min(maxTokens, Math.max(1, across) * Math.max(1, down));
  }

  /** Returns the tokens of an image in a request. */
  long of(Source source) {
    boolean given = source != null && source.data() != null;
    ImageSize size = given ? ImageSize.ofBase64(source.data().toString()) : null;
    return size == null ? unknown : ofSize(size);
  }

  public int getPatch() {
    return patch;
  }

  /** Sets the pixels on each side of the square that is one token; 28 by default. */
  public void setPatch(int patch) {
    this.patch = Numbers.atLeast(1, patch, "patch");
  }

  public int getMaxEdge() {
    return maxEdge;
  }

  /**
   * Sets the pixels to which the longer side is scaled down; 2576 by default (older Claude models:
   * 1568).
   */
  public void setMaxEdge(int maxEdge) {
    this.maxEdge = Numbers.atLeast(1, maxEdge, "maxEdge");
  }

  public int getMaxTokens() {
    return maxTokens;
  }

  /** Sets the most tokens of one image; 4784 by default (older Claude models: 1600). */
  public void setMaxTokens(int maxTokens) {
    this.maxTokens = Numbers.atLeast(1, maxTokens, "maxTokens");
  }

  public int getUnknown() {
    return unknown;
  }

  /**
   * Sets the tokens of an image whose size can't be read, such as one given by URL; 1600 by
   * default.
   */
  public void setUnknown(int unknown) {
    this.unknown = Numbers.atLeast(0, unknown, "unknown");
  }
}
