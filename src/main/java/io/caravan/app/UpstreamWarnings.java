package io.caravan.app;

import io.caravan.http.RunningGateway;
import io.caravan.models.ModelDirectory;
import io.caravan.models.UpstreamCheck;
import io.caravan.models.UpstreamModels;
import io.caravan.provider.BaseUrl;
import io.caravan.provider.Provider;
import io.caravan.settings.SettingOrigin;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what is wrong with the upstreams of the configured models, of each provider once. It begins
 * while the routes are still being made, so that a wrong URL or key is reported within two seconds.
 */
final class UpstreamWarnings {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private volatile int own;

  /**
   * Checks the upstreams that are other servers: this one does not respond yet.
   *
   * @param port the port of this one
   */
  void beforeServing(CamelContext context, int port) {
    own = port;
    begin(context, provider -> port(provider) != own);
  }

  /** Checks all that have not been checked before. */
  void onceServing(CamelContext context) {
    begin(context, provider -> true);
  }

  private void begin(CamelContext context, Predicate<Provider> wanted) {
    if (context.getRegistry().findByType(UpstreamModels.class).isEmpty()
        || context.getRegistry().findByType(ModelDirectory.class).isEmpty()) {
      return;
    }
    boolean lists =
        Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{caravan.models.list:true}}"));
    UpstreamCheck check = new UpstreamCheck(context, lists);
    for (Provider provider : check.providers()) {
      if (wanted.test(provider) && begun.add(provider.getName())) {
        Start.inBackground(
            () -> report(context, check, provider), "caravan-check-" + provider.getName());
      }
    }
  }

  private void report(CamelContext context, UpstreamCheck check, Provider provider) {
    if (isItself(provider)) {
      LOG.warn(
          "{} can't be called: its base URL {} is that of this gateway. Set {} to the server of the"
              + " models",
          provider.getName(),
          BaseUrl.shown(provider.getBaseUrl()),
          SettingOrigin.ofBean(context, provider.getName(), "baseUrl").name());
    } else {
      check.of(provider).forEach(found -> LOG.warn("{}", found.line()));
    }
  }

  /** A route of one's own may serve another path of this gateway. */
  private boolean isItself(Provider provider) {
    if (port(provider) != own || BaseUrl.fault(provider.getBaseUrl()) != null) {
      return false;
    }
    URI url = URI.create(provider.getBaseUrl().strip());
    return url.getHost() != null
        && url.getPath().matches("/*(v1)?/*")
        && Start.INSTANCE.equals(
            RunningGateway.at(
                "https".equalsIgnoreCase(url.getScheme()), url.getHost(), url.getPort()));
  }

  private static int port(Provider provider) {
    if (provider.getBaseUrl() == null) {
      return -1;
    }
    try {
      return URI.create(provider.getBaseUrl().strip()).getPort();
    } catch (IllegalArgumentException e) {
      // The check reports it.
      return -1;
    }
  }
}
