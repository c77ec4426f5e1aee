package io.caravan.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Keeps a streaming client patient. Nothing is committed for a while, so that an early error has
 * its own status; then the response is opened, and every silence gets a sign: an SSE comment as
 * long as the message has not started (the Python SDK refuses events before message_start), a
 * {@code ping} event afterwards. Signs go out only while a timer of ours will end the silence: they
 * must not keep a dead upstream alive for ever (Wei-Shaw/sub2api#1707).
 */
public final class KeepAlivePings implements Deadlines.Watched {
  private static final byte[] COMMENT =
      ": waiting for the model\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PING =
      "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(StandardCharsets.UTF_8);

  private final ClientResponse response;
  private final long intervalNanos;
  private final Supplier<Map<String, String>> headers;
  private final Deadlines deadlines;

  /** Few: one for each wait that is still going on. */
  private final Set<BooleanSupplier> timers = ConcurrentHashMap.newKeySet();

  private volatile boolean messageStarted;

  /**
   * Prepares them.
   *
   * @param interval silence before the response is opened, and between signs
   * @param headers for the head, if it is opened here
   */
  public KeepAlivePings(
      ClientResponse response,
      Duration interval,
      Supplier<Map<String, String>> headers,
      Deadlines deadlines) {
    this.response = response;
    this.intervalNanos = interval.toNanos();
    this.headers = headers;
    this.deadlines = deadlines;
  }

  /** Begins to watch, until the response is closed. */
  public void start() {
    deadlines.add(this);
    response.onClose(() -> deadlines.remove(this));
  }

  /**
   * Lets signs go out as long as the timer is armed, or any other one that was named.
   *
   * @param armed becomes false for good when what it watches has ended
   */
  public void during(BooleanSupplier armed) {
    timers.add(armed);
  }

  /** From now on signs are events. */
  public void messageStarted() {
    messageStarted = true;
  }

  @Override
  public void check(long now) {
    if (now - response.lastWriteAt() < intervalNanos) {
      return;
    }
    timers.removeIf(timer -> !timer.getAsBoolean());
    if (!timers.isEmpty()) {
      response.offer(headers, messageStarted ? PING : COMMENT);
    }
  }
}
