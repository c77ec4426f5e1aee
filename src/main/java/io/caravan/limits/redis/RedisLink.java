package io.caravan.limits.redis;

import io.caravan.limits.Time;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection to Redis. It runs scripts and receives messages, in the order in which Redis
 * did things (hence RESP3, Redis 6 or later).
 *
 * <p>A command without an answer in time breaks the connection. This class reconnects, and not
 * Lettuce: Lettuce would hold commands back while it is disconnected and send them later
 * (redis/lettuce#466), and a permit must not be given out later.
 */
final class RedisLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final long RECONNECT_AFTER = Duration.ofMillis(500).toNanos();

  /** A user of the connection. It is called on Redis' threads and must not block. */
  interface Listener {
    /** Called when the connection is up and subscribed to the listener's channel. */
    void connected();

    /** Called when the connection is lost. */
    void lost();

    /** Called when a message has come on the listener's channel. */
    void received(String message);
  }

  private final RedisClient client;
  private final RedisURI uri;
  private final Duration timeout;
  private final Time time;
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final AtomicBoolean connecting = new AtomicBoolean();
  private final AtomicReference<StatefulRedisPubSubConnection<String, String>> connection =
      new AtomicReference<>();
  private volatile ServerTime serverTime = new ServerTime(0, 0);
  private final CountDownLatch tried = new CountDownLatch(1);
  private volatile boolean failing;
  private volatile boolean closed;

  private record ServerTime(long micros, long knownAt) {}

  /**
   * Makes a link; it connects with the first listener.
   *
   * @param url {@code redis://user:password@host:port/database} or {@code rediss://}
   * @param timeout the time that a command may take
   */
  RedisLink(String url, Duration timeout, Time time) {
    this.timeout = timeout;
    this.time = time;
    uri = uri(url);
    uri.setTimeout(timeout);
    uri.setClientName("caravan");
    client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .protocolVersion(ProtocolVersion.RESP3)
            .requestQueueSize(10_000)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
            .build());
  }

  private static RedisURI uri(String url) {
    try {
      return RedisURI.create(url);
    } catch (IllegalArgumentException e) {
      // Without the cause: its message repeats the URL, which may contain a password.
      throw new IllegalArgumentException("The Redis URL is not of the form redis://host:port");
    }
  }

  /** Adds a listener for a channel and connects if necessary; calls it when that is done. */
  void listen(String channel, Listener listener) {
    if (listeners.putIfAbsent(channel, listener) != null) {
      throw new IllegalStateException("Two listeners of this process have the name " + channel);
    }
    StatefulRedisPubSubConnection<String, String> ready = connection.get();
    if (ready == null) {
      connect();
    } else {
      subscribed(ready, listener, channel);
    }
  }

  void ignore(String channel) {
    listeners.remove(channel);
  }

  /** Waits for the end of the first attempt to connect. */
  void awaitFirstTry() {
    try {
      boolean unused = tried.await(CONNECT_TIMEOUT.plus(timeout).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean connected() {
    return connection.get() != null;
  }

  private void connect() {
    if (closed || connection.get() != null || !connecting.compareAndSet(false, true)) {
      return;
    }
    CompletionStage<StatefulRedisPubSubConnection<String, String>> unused =
        client
            .connectPubSubAsync(StringCodec.UTF8, uri)
            .whenComplete(
                (made, failure) -> {
                  if (failure == null) {
                    prepare(made);
                  } else {
                    notConnected(failure);
                  }
                });
  }

  private void prepare(StatefulRedisPubSubConnection<String, String> made) {
    made.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, String message) {
            Listener listener = listeners.get(channel);
            if (listener != null) {
              listener.received(message);
            }
          }
        });
    made.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
            broken(made);
          }
        });
    within(made, made.async().time().thenAccept(this::serverTime))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                connected(made);
              } else {
                close(made);
                notConnected(failure);
              }
            });
  }

  private void serverTime(List<String> seconds) {
    serverTime(Long.parseLong(seconds.get(0)) * 1_000_000 + Long.parseLong(seconds.get(1)));
  }

  private void connected(StatefulRedisPubSubConnection<String, String> made) {
    connection.set(made);
    connecting.set(false);
    tried.countDown();
    if (failing) {
      LOG.info("Redis at {}:{} is back", uri.getHost(), uri.getPort());
    }
    failing = false;
    if (closed || !made.isOpen()) {
      broken(made);
      return;
    }
    listeners.forEach((channel, listener) -> subscribed(made, listener, channel));
  }

  private void subscribed(
      StatefulRedisPubSubConnection<String, String> on, Listener listener, String channel) {
    within(on, on.async().subscribe(channel))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                listener.connected();
              }
            });
  }

  private void notConnected(Throwable failure) {
    if (!failing && !closed) {
      LOG.warn("No connection to Redis at {}:{}: {}", uri.getHost(), uri.getPort(), cause(failure));
    }
    failing = true;
    connecting.set(false);
    tried.countDown();
    again();
  }

  private static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  private void again() {
    if (!closed) {
      Runnable unused = time.after(RECONNECT_AFTER, this::connect);
    }
  }

  /** Drops the connection if it is still the one in use. */
  private void broken(StatefulRedisPubSubConnection<String, String> gone) {
    if (!connection.compareAndSet(gone, null)) {
      return;
    }
    close(gone);
    if (!closed) {
      LOG.warn("The connection to Redis at {}:{} is lost", uri.getHost(), uri.getPort());
    }
    failing = true;
    listeners.values().forEach(Listener::lost);
    again();
  }

  private static void close(StatefulRedisPubSubConnection<String, String> gone) {
    CompletableFuture<Void> unused = gone.closeAsync();
  }

  /**
   * Runs a script. The result fails with {@link RedisUnavailable} if it is not known whether the
   * script has run, and with Lettuce's exception if Redis has refused it.
   */
  CompletionStage<List<Object>> run(RedisScript script, String[] keys, String... args) {
    StatefulRedisPubSubConnection<String, String> on = connection.get();
    if (on == null) {
      return CompletableFuture.failedFuture(new RedisUnavailable("not connected", false));
    }
    CompletionStage<List<Object>> answer =
        on.async().<List<Object>>evalsha(script.digest(), ScriptOutputType.MULTI, keys, args);
    CompletionStage<List<Object>> whole =
        answer.exceptionallyCompose(
            failure -> {
              if (failure instanceof RedisNoScriptException) {
                return on.async().eval(script.text(), ScriptOutputType.MULTI, keys, args);
              }
              return CompletableFuture.failedFuture(failure);
            });
    return within(on, whole);
  }

  /** Fails a command that takes too long, and drops the connection, which may be dead. */
  private <T> CompletionStage<T> within(
      StatefulRedisPubSubConnection<String, String> on, CompletionStage<T> stage) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable cancelTimeout =
        time.after(
            timeout.toNanos(),
            () -> {
              if (result.completeExceptionally(
                  new RedisUnavailable("no answer in " + timeout, true))) {
                broken(on);
              }
            });
    stage.whenComplete(
        (value, failure) -> {
          cancelTimeout.run();
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(known(failure));
          }
        });
    return result;
  }

  /** Returns the failure; only an error answered by Redis means that a command was not run. */
  private static Throwable known(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof RedisCommandExecutionException
        ? cause
        : new RedisUnavailable(cause.toString(), true);
  }

  /** Sets the server's time, as it was in an answer just now. */
  void serverTime(long micros) {
    serverTime = new ServerTime(micros, time.nanoTime());
  }

  /** Returns the server's time, or a little less: microseconds by its clock. */
  long serverTime() {
    ServerTime known = serverTime;
    return known.micros() + (time.nanoTime() - known.knownAt()) / 1000;
  }

  Duration timeout() {
    return timeout;
  }

  @Override
  public void close() {
    closed = true;
    StatefulRedisPubSubConnection<String, String> last = connection.getAndSet(null);
    if (last != null) {
      last.close();
    }
    client.shutdown(Duration.ZERO, timeout);
  }
}
