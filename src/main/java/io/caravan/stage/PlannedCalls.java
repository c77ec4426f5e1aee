package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallPlan;
import io.caravan.json.RawJson;
import io.caravan.provider.Provider;
import io.caravan.translate.error.Secrets;
import io.caravan.translate.request.UpstreamRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes into a plan what would be sent to an upstream, without its secrets. */
final class PlannedCalls {
  private static final String MASK = "********";

  /** The headers whose values are shown; any other may hold a key. */
  private static final Set<String> SHOWN =
      Set.of("accept", "content-type", "anthropic-version", "anthropic-beta", "traceparent");

  private PlannedCalls() {}

  static void enter(Attempt attempt, Map<String, String> headers, CallPlan plan) {
    Provider provider = attempt.model().provider();
    UpstreamRequest request = attempt.request();
    plan.enter("url", withoutUser(provider.url()));
    Map<String, String> shown = new LinkedHashMap<>();
    headers.forEach(
        (name, value) ->
            shown.put(name, SHOWN.contains(name.toLowerCase(Locale.ROOT)) ? value : MASK));
    plan.enter("headers", shown);
    Map<String, Integer> losses = new LinkedHashMap<>();
    request.losses().counts().forEach((loss, count) -> losses.put(loss.label(), count));
    plan.enter("lost", losses);
    plan.enter("body", masked(request.body(), provider));
  }

  private static RawJson masked(RawJson body, Provider provider) {
    String text = body.toString();
    boolean holdsSecret = provider.secrets().stream().anyMatch(text::contains);
    return holdsSecret ? Secrets.of(provider.secrets()).mask(body) : body;
  }

  /** Returns a URL without a user and the query, which may hold a key. */
  private static String withoutUser(String url) {
    URI uri = URI.create(url);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
  }
}
