package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.RequestIds;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Answers what no route takes with Anthropic's JSON errors, where Vert.x would send a page of its own. */
public final class JsonErrorPages {
  private JsonErrorPages() {}

  /** Puts them into a router. */
  public static void install(Router router) {
    page(router, 400, ErrorType.INVALID_REQUEST, "The request is malformed");
    page(router, 404, ErrorType.NOT_FOUND, "Not found: %s");
    page(router, 405, ErrorType.INVALID_REQUEST, "Method not allowed: %s");
    page(router, 406, ErrorType.INVALID_REQUEST, "Not acceptable: %s");
    page(router, 413, ErrorType.REQUEST_TOO_LARGE, "Request exceeds the maximum size");
    page(router, 414, ErrorType.INVALID_REQUEST, "The request's path is too long");
    page(
        router,
        415,
        ErrorType.INVALID_REQUEST,
        "content-type: application/json is needed for %s");
    page(router, 431, ErrorType.INVALID_REQUEST, "The request's headers are too large");
    page(router, 500, ErrorType.API, "Internal server error");
    page(router, 503, ErrorType.OVERLOADED, "The gateway is starting, stopping or reloading");
  }

  private static void page(Router router, int status, ErrorType type, String message) {
    router.errorHandler(status, context -> answer(context, status, type, message));
  }

  private static void answer(RoutingContext context, int status, ErrorType type, String message) {
    if (context.response().headWritten() || context.response().ended()) {
      context.response().reset();
      return;
    }
    String where = context.request().method() + " " + printable(context.request().path());
    String requestId = RequestIds.next();
    AnthropicException error =
        new AnthropicException(
            type, status, message.formatted(where), null, status == 503 ? true : null, null);
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .putHeader("request-id", requestId)
        .end(Buffer.buffer(ErrorBody.write(error, requestId)));
  }

  private static String printable(String path) {
    return path.length() > 200 ? path.substring(0, 200) + "…" : path;
  }
}
