package io.caravan.tokens;

import io.caravan.anthropic.Source;

/**
 * The tokens of a document that isn't text: a guess from its size. Anthropic counts 1,500 to 3,000
 * tokens of text a page, and an image of it (platform.claude.com, "PDF support"); how many pages
 * there are is written in a compressed part of the file.
 */
public final class DocumentTokens {
  private int pageBytes = 50_000;
  private int pageTokens = 2_000;
  private int maxPages = 100;

  /** The tokens of a PDF given as base64, or out of sight: by URL or file id. */
  long of(Source source) {
    if (source == null || source.data() == null) {
      return pageTokens;
    }
    long bytes = source.data().length() * 3L / 4;
    long pages = Math.max(1, (bytes + pageBytes - 1) / pageBytes);
    return Math.min(pages, maxPages) * pageTokens;
  }

  public int getPageBytes() {
    return pageBytes;
  }

  /** How many bytes of a PDF are taken for a page; 50,000 by default. */
  public void setPageBytes(int pageBytes) {
    this.pageBytes = Numbers.atLeast(1, pageBytes, "pageBytes");
  }

  public int getPageTokens() {
    return pageTokens;
  }

  /** The tokens of a page, and of a document out of sight; 2,000 by default. */
  public void setPageTokens(int pageTokens) {
    this.pageTokens = Numbers.atLeast(0, pageTokens, "pageTokens");
  }

  public int getMaxPages() {
    return maxPages;
  }

  /** The most pages one document is taken for; 100 by default. */
  public void setMaxPages(int maxPages) {
    this.maxPages = Numbers.atLeast(1, maxPages, "maxPages");
  }
}
