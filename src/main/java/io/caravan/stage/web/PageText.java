package io.caravan.stage.web;

import io.caravan.exchange.GatewayRequest;
import io.caravan.fetch.Fetched;
import io.caravan.senses.DocumentTexts;
import io.caravan.web.HtmlMarkdown;
import io.caravan.web.WebPage;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a text out of a page that was fetched: the body's {@link Fetched} becomes a {@link
 * WebPage}. HTML becomes Markdown, which takes flexmark's html2md on the class path. A PDF is read
 * as those that a client sends, in a process of its own. Any other body stays.
 */
public final class PageText implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(PageText.class);

  private DocumentTexts documents = new DocumentTexts();

  /** Sets the texts of PDFs. */
  public void setDocuments(DocumentTexts documents) {
    this.documents = documents;
  }

  @Override
  public void process(Exchange exchange) {
    if (!(exchange.getMessage().getBody() instanceof Fetched page)) {
      return;
    }
    if (page.mediaType().equals(DocumentTexts.PDF)) {
      exchange.getMessage().setBody(pdf(GatewayRequest.of(exchange), page));
      return;
    }
    String text = new String(page.bytes(), charset(page));
    boolean html = page.mediaType().contains("html");
    exchange
        .getMessage()
        .setBody(html ? markdown(text, page) : new WebPage(page.uri().toString(), "", text));
  }

  /** Returns the text with marks of its pages, or the protocol's error code. */
  private Object pdf(GatewayRequest request, Fetched page) {
    DocumentTexts.Result result = documents.ofPdf(request, page.bytes());
    // The reason is in the log: the protocol has no place for it.
    return result.text() == null
        ? "unsupported_content_type"
        : new WebPage(page.uri().toString(), "", result.text());
  }

  /** Returns the page, or the protocol's error code. */
  private static Object markdown(String html, Fetched page) {
    try {
      return HtmlMarkdown.read(html, page.uri().toString());
    } catch (NoClassDefFoundError e) {
      LOG.warn("A page was not read: flexmark-html2md-converter is not on the class path");
    } catch (StackOverflowError | RuntimeException e) {
      LOG.warn("A page was not read: {}", e.getClass().getName());
    }
    return "unsupported_content_type";
  }

  private static Charset charset(Fetched page) {
    try {
      return page.charset() == null ? StandardCharsets.UTF_8 : Charset.forName(page.charset());
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
