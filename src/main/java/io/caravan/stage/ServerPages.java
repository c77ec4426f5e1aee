package io.caravan.stage;

import io.caravan.http.JsonErrorPages;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Finds the HTTP server of the runtime and gives it Anthropic's error pages. */
final class ServerPages {
  private ServerPages() {}

  /** Whether this runtime has its HTTP server up already. */
  static boolean serverRuns(CamelContext context) {
    return context.isStarted()
        || !context.getRegistry().findByType(VertxPlatformHttpRouter.class).isEmpty();
  }

  static void install(CamelContext context) {
    for (VertxPlatformHttpRouter router :
        context.getRegistry().findByType(VertxPlatformHttpRouter.class)) {
      if (router.isMainServer()) {
        JsonErrorPages.install(router);
      }
    }
  }
}
