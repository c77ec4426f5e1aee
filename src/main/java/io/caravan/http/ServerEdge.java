package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Checks every request before all routes of the listener, as soon as its head has arrived and
 * before its body takes memory. It refuses requests that are too large, too many at once or too
 * slow, and those that come while the gateway is shutting down.
 */
public final class ServerEdge {
  private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;
  private static final long MEBIBYTE = 1024 * 1024;

  /** The assumed length of a chunked body, which does not declare one. */
  private static final long UNKNOWN_LENGTH = 4 * MEBIBYTE;

  /** The path of the demonstration upstream, whose calls belong to requests that have passed. */
  private static final String OWN_CALLS = "/demo/";

  private final AtomicLong bytesHeld = new AtomicLong();
  private final SlowBodies slowBodies = new SlowBodies();
  private final RequestGate gate = new RequestGate();
  private long maxBodySize = 32 * MEBIBYTE;
  private long maxBytesHeld = Runtime.getRuntime().maxMemory() / 4;

  /** Sets the largest body of a request in bytes. */
  public void setMaxBodySize(long maxBodySize) {
    this.maxBodySize = maxBodySize;
  }

  /**
   * Sets the most bytes of the bodies of all requests under way; by default and at 0 a quarter of
   * the heap. A request that would exceed them is refused for a while.
   */
  public void setMaxBytesHeld(long maxBytesHeld) {
    if (maxBytesHeld > 0) {
      this.maxBytesHeld = maxBytesHeld;
    }
  }

  /** Sets the milliseconds that may pass between two parts of a body. */
  public void setBodyIdleTimeoutMillis(long millis) {
    slowBodies.setIdle(Duration.ofMillis(millis));
  }

  /** Sets the milliseconds that a whole body may take to arrive. */
  public void setBodyTimeoutMillis(long millis) {
    slowBodies.setTotal(Duration.ofMillis(millis));
  }

  /** Returns the gate, which refuses new requests once it is closed. */
  public RequestGate gate() {
    return gate;
  }

  /** Returns the bytes of the bodies of all requests under way. */
  public long bytesHeld() {
    return bytesHeld.get();
  }

  /**
   * Installs it before the routes of a router.
   *
   * @param headers a check that throws an {@link AnthropicException} for forbidden headers
   */
  public void install(Router router, Connections connections, HeaderCheck headers) {
    router
        .route()
        .order(BEFORE_ALL_OTHERS)
        .handler(context -> handle(context, connections, headers));
  }

  /** A check of the Host and Origin of a request. */
  @FunctionalInterface
  public interface HeaderCheck {
    void check(String host, String origin);
  }

  private void handle(RoutingContext context, Connections connections, HeaderCheck headers) {
    HttpServerRequest request = context.request();
    Held held = new Held();
    if (!connections.request(context, held)) {
      return;
    }
    try {
      headers.check(request.getHeader("host"), request.getHeader("origin"));
      letIn(context, request, held);
    } catch (AnthropicException e) {
      if (mayHaveBody(request)) {
        connections.lastAnswer(request.connection());
      }
      JsonErrorPages.answer(context, e, mayHaveBody(request));
    }
  }

  private void letIn(RoutingContext context, HttpServerRequest request, Held held) {
    boolean ours = request.path() != null && request.path().startsWith(OWN_CALLS);
    if (gate.closed() && !ours) {
      throw gate.refusal();
    }
    if (mayHaveBody(request)) {
      checkBody(context, request, held);
    }
    context.next();
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.getHeader("content-length") != null
        || request.getHeader("transfer-encoding") != null;
  }

  private void checkBody(RoutingContext context, HttpServerRequest request, Held held) {
    checkTransfer(request.headers().getAll("transfer-encoding"));
    String encoding = request.getHeader("content-encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      throw new AnthropicException(
          ErrorType.INVALID_REQUEST,
          415,
          "A body with a content-encoding is not supported; send it without one",
          null,
          false,
          null);
    }
    long length = length(request.getHeader("content-length"));
    if (length > maxBodySize) {
      throw new AnthropicException(
          ErrorType.REQUEST_TOO_LARGE, "Request exceeds the maximum of " + maxBodySize + " bytes");
    }
    held.take(length < 0 ? UNKNOWN_LENGTH : length);
    slowBodies.watch(context);
  }

  /**
   * Refuses other codings: a body that is coded in another way may end elsewhere for a proxy in
   * front.
   */
  private static void checkTransfer(List<String> codings) {
    boolean known = codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked");
    if (!known && !codings.isEmpty()) {
      throw AnthropicException.invalid("The only transfer-encoding that is taken is chunked");
    }
  }

  /** One request's part of the bytes held; it is given back when the response is complete. */
  private final class Held implements Runnable {
    private long bytes;

    void take(long length) {
      bytes = length;
      long all = bytesHeld.addAndGet(length);
      if (all > maxBytesHeld && all > length) {
        throw new AnthropicException(
            ErrorType.OVERLOADED,
            ErrorType.OVERLOADED.status(),
            "The gateway's memory is full of other requests",
            Duration.ofSeconds(2),
            null,
            null);
      }
    }

    @Override
    public void run() {
      bytesHeld.addAndGet(-bytes);
    }
  }

  private static long length(String header) {
    try {
      return header == null ? -1 : Long.parseLong(header.strip());
    } catch (NumberFormatException e) {
      throw AnthropicException.invalid("content-length is not a number");
    }
  }
}
