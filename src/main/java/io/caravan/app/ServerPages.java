package io.caravan.app;

import io.caravan.http.BrowserGuard;
import io.caravan.http.HttpServers;
import io.caravan.http.JsonErrorPages;
import io.caravan.http.MessageRouters;
import io.caravan.http.ServerEdge;
import io.caravan.provider.Provider;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Finds the HTTP server of the runtime and gives it Anthropic's error pages. */
final class ServerPages {
  private ServerPages() {}

  /** Returns whether this runtime's HTTP server runs already. */
  static boolean serverRuns(CamelContext context) {
    return context.isStarted()
        || !context.getRegistry().findByType(VertxPlatformHttpRouter.class).isEmpty();
  }

  /** Returns whether the HTTP server is one that Camel itself has started. */
  static boolean serverIsCamels(CamelContext context) {
    return context.hasService(s -> s.getClass().getSimpleName().equals("MainHttpServer")) != null;
  }

  static void install(CamelContext context) {
    ServerEdge edge = context.getRegistry().findSingleByType(ServerEdge.class);
    HttpServers servers = context.getRegistry().findSingleByType(HttpServers.class);
    for (VertxPlatformHttpRouter router :
        context.getRegistry().findByType(VertxPlatformHttpRouter.class)) {
      JsonErrorPages.install(router);
      if (edge != null && MessageRouters.servesMessages(router)) {
        BrowserGuard guard =
            new BrowserGuard(
                context.resolvePropertyPlaceholders(
                    "{{caravan.allowed-hosts:localhost,127.0.0.1,[::1]}}"));
        edge.admitOwnCalls(Provider.DEMONSTRATION_KEY);
        edge.refuseUnknownKeysAt(new KeyedPaths(context)::contains);
        edge.install(router, servers, guard::check);
      }
    }
  }
}
