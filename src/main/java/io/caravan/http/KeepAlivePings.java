package io.caravan.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Keeps the connection of a streaming client alive. The response stays unopened for a while, so
 * that an early error has its own status. Then it is opened, and a ping ends every silence: an SSE
 * comment as long as the message has not started (the Python SDK refuses events before
 * message_start), a {@code ping} event afterwards. Pings are sent only while a timer of the gateway
 * will end the silence: they must not keep a dead upstream alive for ever (Wei-Shaw/sub2api#1707).
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

  /** The conditions under which pings are sent, one for each wait under way. */
  private final Set<BooleanSupplier> timers = ConcurrentHashMap.newKeySet();

  private volatile boolean messageStarted;

  /**
   * Makes pings for a response.
   *
   * @param interval the silence before the response is opened, and between pings
   * @param headers the headers of the head, if a ping opens the response
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

  /** Watches the response until it is closed. */
  public void start() {
    deadlines.add(this);
    response.onClose(() -> deadlines.remove(this));
  }

  /**
   * Allows pings as long as this timer, or another one given earlier, is armed.
   *
   * @param armed a condition that becomes false for good when the wait has ended
   */
  public void during(BooleanSupplier armed) {
    timers.add(armed);
  }

  /** Switches from comments to events. */
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
