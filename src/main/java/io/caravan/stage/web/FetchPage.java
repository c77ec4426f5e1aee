package io.caravan.stage.web;

import io.caravan.exchange.GatewayRequest;
import io.caravan.fetch.FetchException;
import io.caravan.fetch.FetchLimits;
import io.caravan.fetch.GuardedFetch;
import io.caravan.senses.DocumentTexts;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the page whose URL is the body, from public addresses only. The body after is an {@link
 * io.caravan.fetch.Fetched}, or the protocol's error code.
 */
public final class FetchPage implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(FetchPage.class);

  private static final List<String> TYPES =
      List.of(
          "text/*",
          "application/xhtml+xml",
          "application/json",
          "application/xml",
          "application/ld+json",
          DocumentTexts.PDF);

  private GuardedFetch fetch;
  private int maxBytes = 2 * 1024 * 1024;
  private int maxPdfBytes = 10 * 1024 * 1024;
  private long timeoutMillis = 15_000;

  /** Sets the connections to public addresses. */
  public void setFetch(GuardedFetch fetch) {
    this.fetch = fetch;
  }

  /** Sets the most bytes of a page. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Sets the most bytes of a PDF. */
  public void setMaxPdfBytes(int maxPdfBytes) {
    this.maxPdfBytes = maxPdfBytes;
  }

  /** Sets the most milliseconds for a page, with all redirects. */
  public void setTimeoutMillis(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    String url = exchange.getMessage().getBody().toString();
    FetchLimits limits =
        new FetchLimits(
            maxBytes,
            Duration.ofMillis(timeoutMillis),
            TYPES,
            Map.of(DocumentTexts.PDF, maxPdfBytes));
    try {
      exchange.getMessage().setBody(fetch.get(new URI(url), limits, request.response()));
    } catch (URISyntaxException e) {
      exchange.getMessage().setBody("invalid_tool_input");
    } catch (FetchException e) {
      LOG.info("Request {}: a page was not fetched: {}", request.id(), e.reason());
      exchange.getMessage().setBody(code(e.reason()));
    }
  }

  private static String code(FetchException.Reason reason) {
    return switch (reason) {
      case INVALID_URL -> "invalid_tool_input";
      case NOT_ALLOWED -> "url_not_allowed";
      case NOT_ACCESSIBLE, TIMEOUT -> "url_not_accessible";
      case TOO_MANY_REQUESTS -> "too_many_requests";
      case UNSUPPORTED_TYPE -> "unsupported_content_type";
      case TOO_LARGE -> "content_too_large";
    };
  }
}
