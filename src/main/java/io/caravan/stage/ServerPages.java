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

  /** Whether the HTTP server is one that Camel itself has started by now. */
  static boolean serverIsCamels(CamelContext context) {
    return context.hasService(s -> s.getClass().getSimpleName().equals("MainHttpServer")) != null;
  }

  static void install(CamelContext context) {
    // The server of health and metrics gets them too: which router is whose can't be told before
    // 4.18.
    context
        .getRegistry()
        .findByType(VertxPlatformHttpRouter.class)
        .forEach(JsonErrorPages::install);
  }
}
