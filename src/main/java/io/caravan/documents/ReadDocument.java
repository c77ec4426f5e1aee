package io.caravan.documents;

import java.util.List;

/**
 * A document as it was read.
 *
 * @param pageCount the pages that it has; 0 if it is a text without pages
 * @param pages the pages that were read, from the first; a text without pages is one
 * @param end the reason for which the rest was not read, or null if all was
 */
public record ReadDocument(int pageCount, List<Page> pages, String end) {
  /**
   * A page.
   *
   * @param text its text, with the cells of a table's row separated by {@code |}
   * @param scan an image of the page as JPEG if it has no text, or null
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Page(String text, byte[] scan) {}
}
