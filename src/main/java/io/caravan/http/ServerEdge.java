package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientKeys;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Checks every request before all routes of the listener, as soon as its head has arrived and
 * before its body takes memory. It refuses requests that are too large, too many at once or too
 * slow, and those that come while the gateway is shutting down. Clients without a key get a small
 * share of the memory and little time.
 *
 * <p>The bytes of a body count as they arrive. Where another runtime has the server (Quarkus), they
 * can't be seen: there the announced length counts, and a fixed one for a chunked body.
 */
public final class ServerEdge {
  private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;
  private static final String JSON = "application/json";
  private static final long MEBIBYTE = 1024 * 1024;

  /** The assumed length of a chunked body whose bytes can't be counted. */
  private static final long UNKNOWN_LENGTH = 4 * MEBIBYTE;

  /** The path of the demonstration upstream, whose calls belong to requests that have passed. */
  private static final String OWN_CALLS = "/demo/";

  private final BodyBudget budget = new BodyBudget();
  private final SlowBodies slowBodies = new SlowBodies();
  private final RequestGate gate = new RequestGate();
  private final Map<String, Long> smallBodies = new HashMap<>();
  private ClientKeys keys = new ClientKeys();
  private boolean checkKeys = true;
  private Predicate<String> keyedPaths = path -> false;
  private String ownKey;
  private long maxBodySize = 32 * MEBIBYTE;

  /** Sets the largest body of a request in bytes. */
  public void setMaxBodySize(long maxBodySize) {
    this.maxBodySize = maxBodySize;
  }

  /**
   * Sets the most bytes of the bodies of all requests under way; by default and at 0 an eighth of
   * the heap. A request that would exceed them is refused for a while.
   */
  public void setMaxBytesHeld(long maxBytesHeld) {
    if (maxBytesHeld > 0) {
      budget.setMaximum(maxBytesHeld);
    }
  }

  /**
   * Sets the most bytes of the bodies of all requests without a known key; by default and at 0 an
   * eighth of all.
   */
  public void setMaxBytesHeldWithoutKey(long maxBytesHeldWithoutKey) {
    budget.setMaximumWithoutKey(maxBytesHeldWithoutKey);
  }

  /** Sets the keys of clients, the same as those of the accept stage. */
  public void setKeys(ClientKeys keys) {
    this.keys = keys;
  }

  /**
   * Sets whether keys are looked at before the body arrives (default). Turn it off where a stage of
   * your own accepts clients in another way: all of them count as known then.
   */
  public void setCheckKeys(boolean checkKeys) {
    this.checkKeys = checkKeys;
  }

  /** Sets the milliseconds that a body without a known key may take to arrive. */
  public void setBodyTimeoutWithoutKeyMillis(long millis) {
    slowBodies.setWithoutKey(Duration.ofMillis(millis));
  }

  /**
   * Sets smaller limits of bodies, as {@code path=bytes}, comma-separated: for paths whose bodies
   * nobody needs.
   */
  public void setSmallBodies(String limits) {
    for (String limit : limits.split(",", -1)) {
      int equals = limit.lastIndexOf('=');
      if (equals > 0) {
        smallBodies.put(
            limit.substring(0, equals).strip(), Long.valueOf(limit.substring(equals + 1).strip()));
      }
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

  /**
   * Names the paths to which JSON is posted and whose first step refuses unknown keys: there the
   * edge refuses them as soon as the head has arrived.
   */
  public void refuseUnknownKeysAt(Predicate<String> paths) {
    keyedPaths = paths;
  }

  /** Sets the key by which the gateway's calls of itself are known. */
  public void admitOwnCalls(String key) {
    ownKey = key;
  }

  /** Returns the gate, which refuses new requests once it is closed. */
  public RequestGate gate() {
    return gate;
  }

  /** Returns the bytes of the bodies of all requests under way. */
  public long bytesHeld() {
    return budget.held();
  }

  /**
   * Installs it before the routes of a router.
   *
   * @param servers the servers of Camel Main; null where another runtime has the server
   * @param headers a check that throws an {@link AnthropicException} for forbidden headers
   */
  public void install(Router router, HttpServers servers, HeaderCheck headers) {
    Connections connections = servers == null ? new Connections() : servers.connections();
    Workers workers = servers == null ? new Workers() : servers.workers();
    router
        .route()
        .order(BEFORE_ALL_OTHERS)
        .handler(
            context -> {
              HeldBody held = new HeldBody(context, connections, budget, workers);
              if (connections.request(context, held)) {
                handle(context, connections, headers, held);
              }
            });
  }

  /** A check of the Host and Origin of a request. */
  @FunctionalInterface
  public interface HeaderCheck {
    void check(String host, String origin);
  }

  private void handle(
      RoutingContext context, Connections connections, HeaderCheck headers, HeldBody held) {
    HttpServerRequest request = context.request();
    try {
      CountedRequest counted = CountedRequest.current();
      if (counted == null) {
        RequestHead.check(request);
      }
      headers.check(request.getHeader("host"), request.getHeader("origin"));
      letIn(context, counted, held);
    } catch (AnthropicException e) {
      if (mayHaveBody(request)) {
        connections.lastAnswer(request.connection());
      }
      JsonErrorPages.answer(context, e, mayHaveBody(request));
    }
  }

  private void letIn(RoutingContext context, CountedRequest counted, HeldBody held) {
    // The router's own view of the path: a raw one like /demo/../v1/messages would pass the gate.
    String path = context.normalizedPath();
    String key = PresentedKey.of(context.request());
    boolean own = ownKey != null && ownKey.equals(key) && path.startsWith(OWN_CALLS);
    if (gate.closed() && !own) {
      throw gate.refusal();
    }
    if (mayHaveBody(context.request())) {
      boolean known = own || !checkKeys || !keys.isConfigured() || isKnown(key, counted);
      if (!known && postsJson(context.request()) && keyedPaths.test(path)) {
        throw PresentedKey.unknown();
      }
      held.limit(Math.min(maxBodySize, smallBodies.getOrDefault(path, maxBodySize)), known);
      checkBody(context, counted, held);
      held.whenArrived(slowBodies.watch(context, known));
    } else {
      held.work();
    }
    context.next();
  }

  private boolean isKnown(String key, CountedRequest counted) {
    Client client = keys.authenticate(key);
    if (counted != null) {
      counted.authenticated(keys, client);
    }
    return client != null;
  }

  /** Returns whether a route may take it; the router has an answer for the others at once. */
  private static boolean postsJson(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return request.method().equals(HttpMethod.POST) && type != null && type.startsWith(JSON);
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.getHeader("content-length") != null
        || request.getHeader("transfer-encoding") != null;
  }

  private static void checkBody(RoutingContext context, CountedRequest counted, HeldBody held) {
    HttpServerRequest request = context.request();
    String encoding = request.getHeader("content-encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      throw unsupported("A body with a content-encoding is not supported; send it without one");
    }
    String type = request.getHeader("content-type");
    if (type != null && type.indexOf('*') >= 0) {
      throw unsupported("The content-type is no type; send application/json");
    }
    String announced = request.getHeader("content-length");
    long length = announced == null ? -1 : Long.parseLong(announced);
    held.checkSize(length);
    if (counted != null) {
      counted.count(held);
    } else {
      held.take(length < 0 ? UNKNOWN_LENGTH : length);
      held.work();
    }
  }

  private static AnthropicException unsupported(String message) {
    return new AnthropicException(ErrorType.INVALID_REQUEST, 415, message, null, false, null);
  }
}
