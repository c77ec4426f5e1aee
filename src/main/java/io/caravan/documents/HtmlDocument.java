package io.caravan.documents;

import com.vladsch.flexmark.html2md.converter.FlexmarkHtmlConverter;

/** A document that is HTML, as Markdown. */
final class HtmlDocument {
  private HtmlDocument() {}

  static ReadDocument read(byte[] bytes, DocumentLimits limits) {
    String markdown = FlexmarkHtmlConverter.builder().build().convert(TextDocument.text(bytes));
    return TextDocument.page(markdown.replaceAll("\\n{3,}", "\n\n").strip(), limits);
  }
}
