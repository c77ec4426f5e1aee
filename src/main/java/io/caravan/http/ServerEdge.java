package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before all routes of the listener and sees every request as soon as its head is there,
 * before its body takes memory: refuses what would be too large, too much at once, too slow, or has
 * come while the gateway is being stopped.
 */
public final class ServerEdge {
  private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;
  private static final long MEBIBYTE = 1024 * 1024;

  /** A chunked body doesn't say how long it will be. */
  private static final long UNTOLD_LENGTH = 4 * MEBIBYTE;

  /** For the demonstration upstream's calls, which belong to requests that were let in. */
  private static final String OWN_CALLS = "/demo/";

  private final AtomicLong bytesHeld = new AtomicLong();
  private final SlowBodies slowBodies = new SlowBodies();
  private final RequestGate gate = new RequestGate();
  private long maxBodySize = 32 * MEBIBYTE;
  private long maxBytesHeld = Runtime.getRuntime().maxMemory() / 4;

  /** Largest body of a request in bytes. */
  public void setMaxBodySize(long maxBodySize) {
    this.maxBodySize = maxBodySize;
  }

  /**
   * Bytes of the bodies of all requests that are being answered; by default and at 0 a quarter of
   * the heap. What would exceed them is refused for a while.
   */
  public void setMaxBytesHeld(long maxBytesHeld) {
    if (maxBytesHeld > 0) {
      this.maxBytesHeld = maxBytesHeld;
    }
  }

  /** Milliseconds that a body may take nothing further to arrive. */
  public void setBodyIdleTimeoutMillis(long millis) {
    slowBodies.setIdle(Duration.ofMillis(millis));
  }

  /** Milliseconds that a whole body may take to arrive. */
  public void setBodyTimeoutMillis(long millis) {
    slowBodies.setTotal(Duration.ofMillis(millis));
  }

  /** Lets requests in, holds them back or refuses them. */
  public RequestGate gate() {
    return gate;
  }

  /** Bytes of bodies of requests that are being answered. */
  public long bytesHeld() {
    return bytesHeld.get();
  }

  /**
   * Puts it before the routes of a router.
   *
   * @param headers throws an {@link AnthropicException} for headers that are not to be answered
   */
  public void install(Router router, Connections connections, HeaderCheck headers) {
    router
        .route()
        .order(BEFORE_ALL_OTHERS)
        .handler(context -> handle(context, connections, headers));
  }

  /** Looks at the Host and Origin of a request. */
  @FunctionalInterface
  public interface HeaderCheck {
    void check(String host, String origin);
  }

  private void handle(RoutingContext context, Connections connections, HeaderCheck headers) {
    HttpServerRequest request = context.request();
    Held held = new Held();
    connections.request(context, held);
    try {
      headers.check(request.getHeader("host"), request.getHeader("origin"));
      letIn(context, request, held);
    } catch (AnthropicException e) {
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
    if (ours) {
      context.next();
    } else {
      gate.pass(context);
    }
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.getHeader("content-length") != null
        || request.getHeader("transfer-encoding") != null;
  }

  private void checkBody(RoutingContext context, HttpServerRequest request, Held held) {
    String encoding = request.getHeader("content-encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      throw new AnthropicException(
          ErrorType.INVALID_REQUEST,
          415,
          "A body with a content-encoding is not taken; send it as it is",
          null,
          false,
          null);
    }
    long length = length(request.getHeader("content-length"));
    if (length > maxBodySize) {
      throw new AnthropicException(
          ErrorType.REQUEST_TOO_LARGE, "Request exceeds the maximum of " + maxBodySize + " bytes");
    }
    held.take(length < 0 ? UNTOLD_LENGTH : length);
    slowBodies.watch(context);
  }

  /** What one request's body takes of what all may; given back when it is answered. */
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
      throw AnthropicException.invalid("content-length is no number");
    }
  }
}
