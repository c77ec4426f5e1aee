package io.caravan.senses;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.anthropic.Source;
import io.caravan.exchange.GatewayRequest;
import io.caravan.fetch.FetchException;
import io.caravan.fetch.FetchLimits;
import io.caravan.fetch.Fetched;
import io.caravan.fetch.GuardedFetch;
import io.caravan.json.JsonText;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images and documents by URL, for models that fetch none themselves. It is off unless enabled:
 * whoever sends a request names the URL. A fetched image is kept for a while, so that the next turn
 * sends the same bytes.
 */
public final class FetchedAttachments {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.senses");
  private static final List<String> TYPES =
      List.of("image/png", "image/jpeg", "image/gif", "image/webp");

  private static final List<String> DOCUMENT_TYPES =
      List.of("application/pdf", "application/xhtml+xml", "application/json", "text/*");

  /** The base64 characters kept for all clients together. */
  private static final long KEPT = 16L * 1024 * 1024;

  private final Cache<String, Source> kept =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(KEPT)
          .weigher((String key, Source source) -> source.data().length())
          .build();

  private GuardedFetch fetch = new GuardedFetch();
  private boolean enabled;
  private int maxBytes = 10 * 1024 * 1024;
  private Duration timeout = Duration.ofSeconds(10);

  /** Sets the way in which URLs are fetched. */
  public void setFetch(GuardedFetch fetch) {
    this.fetch = fetch;
  }

  /** Sets whether images and documents by URL are fetched; false by default. */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Sets the most bytes of one; 10 MB by default. */
  public void setMaxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Sets the milliseconds that one may take; 10,000 by default. */
  public void setTimeoutMillis(long timeoutMillis) {
    this.timeout = Duration.ofMillis(timeoutMillis);
  }

  /** Returns whether images and documents by URL are fetched. */
  public boolean isEnabled() {
    return enabled;
  }

  /**
   * Returns an image as base64.
   *
   * @throws FetchException if it is not fetched; its message may be shown to the model
   */
  public Source data(GatewayRequest request, String url) throws FetchException {
    String key = request.client().tenant() + " " + url;
    Source known = kept.getIfPresent(key);
    if (known != null) {
      return known;
    }
    Fetched fetched = fetched(request, url, TYPES);
    JsonText data = JsonText.of(Base64.getEncoder().encodeToString(fetched.bytes()));
    Source source =
        new Source(Source.Kind.BASE64, fetched.mediaType(), data, null, null, List.of());
    kept.put(key, source);
    return source;
  }

  /**
   * Fetches a document, which is not kept.
   *
   * @throws FetchException if it is not fetched; its message may be shown to the model
   */
  public Fetched document(GatewayRequest request, String url) throws FetchException {
    return fetched(request, url, DOCUMENT_TYPES);
  }

  private Fetched fetched(GatewayRequest request, String url, List<String> types)
      throws FetchException {
    try {
      return fetch.get(url, new FetchLimits(maxBytes, timeout, types), request.response());
    } catch (FetchException e) {
      LOG.info("Request {}: an attachment was not fetched: {}", request.id(), e.getMessage());
      throw e;
    }
  }
}
