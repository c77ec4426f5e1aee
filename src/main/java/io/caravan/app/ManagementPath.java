package io.caravan.app;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.http.BrowserGuard;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** A path of the management server that shows something on GET and may forget it on DELETE. */
final class ManagementPath {
  private ManagementPath() {}

  /** Adds a path, which refuses web pages: a page could read what it shows. */
  static void add(CamelContext context, String path, Handler<RoutingContext> show) {
    for (Router router : managementRouters(context)) {
      addGuarded(context, router, path, show);
    }
  }

  /** Adds a path, which refuses web pages: a page could have it forgotten, too. */
  static void add(
      CamelContext context,
      String path,
      Handler<RoutingContext> show,
      Handler<RoutingContext> forget) {
    for (Router router : managementRouters(context)) {
      addGuarded(context, router, path, show);
      router.delete(path).handler(forget);
    }
  }

  private static void addGuarded(
      CamelContext context, Router router, String path, Handler<RoutingContext> show) {
    BrowserGuard guard =
        new BrowserGuard(
            context.resolvePropertyPlaceholders(
                "{{caravan.allowed-hosts:localhost,127.0.0.1,[::1]}}"));
    router.route(path).handler(request -> check(guard, request));
    router.get(path).handler(show);
  }

  private static List<VertxPlatformHttpRouter> managementRouters(CamelContext context) {
    if (!ServerPages.serverIsCamels(context)) {
      // Quarkus has a management server of its own, for which Camel has no router.
      return List.of();
    }
    return context.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
        .filter(VertxPlatformHttpRouter::isManagementServer)
        .toList();
  }

  private static void check(BrowserGuard guard, RoutingContext context) {
    try {
      HttpServerRequest request = context.request();
      guard.check(request.getHeader("host"), request.getHeader("origin"));
    } catch (AnthropicException e) {
      refuse(context, e);
      return;
    }
    context.next();
  }

  static void refuse(RoutingContext context, AnthropicException error) {
    context
        .response()
        .setStatusCode(error.status())
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(ErrorBody.write(error, null)));
  }

  static void forgotten(RoutingContext context, int number) {
    context
        .response()
        .putHeader("content-type", "application/json")
        .end("{\"forgotten\":" + number + "}\n");
  }
}
