package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.RequestIds;
import io.caravan.anthropic.SseEncoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.TreeSet;

/**
 * Answers requests that match no route with Anthropic's JSON errors, where Vert.x would send a page
 * of its own. It comes after all routes of the router, also those that are added later.
 */
public final class JsonErrorPages {
  private static final int MAX_SHOWN_PATH = 200;
  private static final long LINGER_MILLIS = 1000;

  private JsonErrorPages() {}

  /** Adds the error pages to a router. */
  public static void install(Router router) {
    router
        .route()
        .last()
        .handler(context -> answer(context, unmatched(router, context)))
        .failureHandler(context -> answer(context, context.statusCode()));
  }

  /** Returns the status: no route has the path, or one has another method or content type. */
  private static int unmatched(Router router, RoutingContext context) {
    Set<String> allowed = new TreeSet<>();
    for (Route route : router.getRoutes()) {
      String path = route.getPath();
      if (path != null && matches(path, route.isExactPath(), context.normalizedPath())) {
        if (route.methods() == null || route.methods().contains(context.request().method())) {
          return 415;
        }
        route.methods().forEach(method -> allowed.add(method.name()));
      }
    }
    if (allowed.isEmpty()) {
      return 404;
    }
    // RFC 9110, 15.5.6 requires it.
    context.response().putHeader("allow", String.join(", ", allowed));
    return 405;
  }

  private static boolean matches(String path, boolean exact, String asked) {
    return exact ? asked.equals(path) : asked.startsWith(path);
  }

  private static void answer(RoutingContext context, int status) {
    answer(context, error(context, status), status == 413 || !context.request().isEnded());
  }

  /**
   * Answers with an error.
   *
   * @param bodyLeft true if part of the request's body may not have arrived: the connection can't
   *     be used again then
   */
  static void answer(RoutingContext context, AnthropicException error, boolean bodyLeft) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      abort(context, error);
      return;
    }
    write(response, error, bodyLeft);
    if (bodyLeft) {
      // Closing at once would reset the connection of a client that is still sending, before it has
      // read the response.
      context.request().resume();
      context.vertx().setTimer(LINGER_MILLIS, t -> context.request().connection().close());
    }
  }

  /** Ends an open response that its route has left since its own error handling has failed. */
  private static void abort(RoutingContext context, AnthropicException error) {
    String type = context.response().headers().get("content-type");
    if (type != null && type.startsWith("text/event-stream")) {
      SseEncoder event = new SseEncoder(1);
      event.encode(Event.Failure.of(error));
      var unused = context.response().end(Buffer.buffer(event.toByteArray()));
    } else {
      // A reset of the response would not call the handlers that wait for its end.
      context.request().connection().close();
    }
  }

  /** Answers a request that must not reach the router, and closes its connection. */
  static void refuse(HttpServerRequest request, AnthropicException error) {
    // Neither the rest of it nor a further request is read: where it ends is in doubt.
    request.handler(part -> {});
    write(request.response(), error, true).onComplete(done -> request.connection().close());
  }

  /** Answers a malformed HTTP request, before any route sees it. */
  static void malformed(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status =
        cause instanceof TooLongHttpLineException
            ? 414
            : cause instanceof TooLongHttpHeaderException ? 431 : 400;
    String message =
        switch (status) {
          case 414 -> "The request's line is too long";
          case 431 -> "The request's headers are too large";
          default -> "The request is malformed";
        };
    write(request.response(), error(ErrorType.INVALID_REQUEST, status, message), true)
        .onComplete(done -> request.connection().close());
  }

  private static Future<Void> write(
      HttpServerResponse response, AnthropicException error, boolean close) {
    String requestId = RequestIds.next();
    ErrorBody.headers(error).forEach(response::putHeader);
    if (close) {
      response.putHeader("connection", "close");
    }
    return response
        .setStatusCode(error.status())
        .putHeader("content-type", "application/json")
        .putHeader("request-id", requestId)
        .end(Buffer.buffer(ErrorBody.write(error, requestId)));
  }

  private static AnthropicException error(RoutingContext context, int status) {
    String where = context.request().method() + " " + printable(context.request().path());
    return switch (status) {
      case 404 ->
          error(ErrorType.NOT_FOUND, status, "Not found: " + where + WrongPaths.hint(context));
      case 405 -> error(ErrorType.INVALID_REQUEST, status, "Method not allowed: " + where);
      case 413 -> error(ErrorType.REQUEST_TOO_LARGE, status, "Request exceeds the maximum size");
      case 415 ->
          error(
              ErrorType.INVALID_REQUEST,
              status,
              where + " needs the header content-type: application/json");
      case 503 ->
          error(ErrorType.OVERLOADED, 529, "The gateway is starting, stopping or reloading");
      default ->
          status >= 400 && status < 500
              ? error(ErrorType.INVALID_REQUEST, status, "The request is malformed")
              : error(ErrorType.API, 500, "Internal server error");
    };
  }

  private static AnthropicException error(ErrorType type, int status, String message) {
    return new AnthropicException(type, status, message, null, null, null);
  }

  private static String printable(String path) {
    String shown = path.length() > MAX_SHOWN_PATH ? path.substring(0, MAX_SHOWN_PATH) + "…" : path;
    return shown.replaceAll("[^\\x20-\\x7e…]", "?");
  }
}
