package io.caravan.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Remembers for some seconds how hosts are reached. The JVM reads its proxy settings again for each
 * call, which takes two microseconds.
 */
final class KnownRoutes implements HttpRoutePlanner {
  private static final int MAX_HOSTS = 100;
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final HttpRoutePlanner planner;
  private final Cache<HttpHost, HttpRoute> routes =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(MAX_HOSTS)
          .expireAfterWrite(KEPT)
          .build();

  KnownRoutes(HttpRoutePlanner planner) {
    this.planner = planner;
  }

  @Override
  public HttpRoute determineRoute(HttpHost target, HttpContext context) throws HttpException {
    if (target == null) {
      // A URL without a scheme has no host; the library says so.
      return planner.determineRoute(null, context);
    }
    HttpRoute known = routes.getIfPresent(target);
    if (known == null) {
      known = planner.determineRoute(target, context);
      routes.put(target, known);
    }
    return known;
  }
}
