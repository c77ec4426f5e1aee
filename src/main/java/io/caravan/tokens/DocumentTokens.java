package io.caravan.tokens;

import io.caravan.anthropic.Source;

/**
 * The tokens of a document that isn't text, estimated from its size. Anthropic counts 1,500 to
 * 3,000 tokens of text a page, and an image of it (platform.claude.com, "PDF support"). The number
 * of pages is in a compressed part of the file.
 */
public final class DocumentTokens {
  private int pageBytes = 50_000;
  private int pageTokens = 2_000;
  private int maxPages = 100;

  /**
   * Returns the tokens of a PDF that is given as base64, or by a URL or file id and thus can't be
   * read.
   */
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

  /** Sets the bytes of a PDF that count as a page; 50,000 by default. */
  public void setPageBytes(int pageBytes) {
    this.pageBytes = Numbers.atLeast(1, pageBytes, "pageBytes");
  }

  public int getPageTokens() {
    return pageTokens;
  }

  /** Sets the tokens of a page, and of a document that can't be read; 2,000 by default. */
  public void setPageTokens(int pageTokens) {
    this.pageTokens = Numbers.atLeast(0, pageTokens, "pageTokens");
  }

  public int getMaxPages() {
    return maxPages;
  }

  /** Sets the most pages that are counted for one document; 100 by default. */
  public void setMaxPages(int maxPages) {
    this.maxPages = Numbers.atLeast(1, maxPages, "maxPages");
  }
}
