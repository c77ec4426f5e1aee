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
 * Answers what no route takes with Anthropic's JSON errors, where Vert.x would send a page of its
 * own. It stands behind all routes of the router, also those that are added later.
 */
public final class JsonErrorPages {
  private static final int MAX_SHOWN_PATH = 200;
  private static final long LINGER_MILLIS = 1000;

  private JsonErrorPages() {}

  /** Puts them into a router. */
  public static void install(Router router) {
    router
        .route()
        .last()
        .handler(context -> answer(context, unmatched(router, context)))
        .failureHandler(context -> answer(context, context.statusCode()));
  }

  /** Why no route took the request: there is none, or it takes another method or content type. */
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
    // Owed to the client: RFC 9110, 15.5.6.
    context.response().putHeader("allow", String.join(", ", allowed));
    return 405;
  }

  private static boolean matches(String path, boolean exact, String asked) {
    return exact ? asked.equals(path) : asked.startsWith(path);
  }

  private static void answer(RoutingContext context, int status) {
    answer(context, error(context, status), status == 413);
  }

  /**
   * Answers with an error.
   *
   * @param bodyLeft whether the request's body may not have come to its end: the connection can't
   *     be used again then
   */
  static void answer(RoutingContext context, AnthropicException error, boolean bodyLeft) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      breakOff(context, error);
      return;
    }
    write(response, error, bodyLeft);
    if (bodyLeft) {
      // Closing at once would reset the connection under a client that is still sending, before it
      // has read the answer.
      context.request().resume();
      context.vertx().setTimer(LINGER_MILLIS, t -> context.request().connection().close());
    }
  }

  /** Ends an answer under way that its route has left: one whose own error handling has failed. */
  private static void breakOff(RoutingContext context, AnthropicException error) {
    String type = context.response().headers().get("content-type");
    if (type != null && type.startsWith("text/event-stream")) {
      SseEncoder event = new SseEncoder(1);
      event.encode(Event.Failure.of(error));
      var unused = context.response().end(Buffer.buffer(event.toByteArray()));
    } else {
      // Where the response is reset, those that wait for its end are not told.
      context.request().connection().close();
    }
  }

  /** Answers what is no HTTP request, before any route sees it. */
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
      case 404 -> error(ErrorType.NOT_FOUND, status, "Not found: " + where);
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
