package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class KeepAlivePingsTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Written response = new Written();
  private final AtomicBoolean armed = new AtomicBoolean(true);
  private final KeepAlivePings pings =
      new KeepAlivePings(
          response, Duration.ofSeconds(10), () -> Map.of("content-type", "sse"), new Deadlines());

  @Test
  void commitNothingBeforeTheirTime() {
    pings.during(armed::get);

    pings.check(9 * SECOND);

    assertThat(response.text).isEmpty();
    assertThat(response.started()).isFalse();
  }

  @Test
  void areCommentsUntilTheMessageHasStartedAndPingsAfterwards() {
    pings.during(armed::get);

    pings.check(11 * SECOND);
    assertThat(response.text.toString()).startsWith(": ").endsWith("\n\n");
    assertThat(response.started()).isTrue();

    pings.messageStarted();
    pings.check(22 * SECOND);
    assertThat(response.text.toString()).endsWith("event: ping\ndata: {\"type\": \"ping\"}\n\n");
  }

  @Test
  void areNotSentIfNoTimerWillEndTheSilence() {
    pings.check(11 * SECOND);
    assertThat(response.text).isEmpty();

    pings.during(armed::get);
    armed.set(false);
    pings.check(11 * SECOND);
    assertThat(response.text).isEmpty();
  }

  @Test
  void areSentWhileAnyTimerIsArmed() {
    pings.during(() -> false);
    pings.during(armed::get);

    pings.check(11 * SECOND);

    assertThat(response.text).isNotEmpty();
  }

  @Test
  void openNoResponseThatIsClaimedForAnError() {
    pings.during(armed::get);
    assertThat(response.claim()).isTrue();

    pings.check(11 * SECOND);

    assertThat(response.text).isEmpty();
  }

  /** Keeps the written bytes; its time begins at zero. */
  private static final class Written implements ClientResponse {
    private final StringBuilder text = new StringBuilder();
    private boolean started;
    private boolean claimed;

    @Override
    public void head(int status, Map<String, String> headers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean started() {
      return started;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean offer(Supplier<Map<String, String>> headers, byte[] bytes) {
      if (claimed) {
        return false;
      }
      started = true;
      text.append(new String(bytes, StandardCharsets.UTF_8));
      return true;
    }

    @Override
    public boolean claim() {
      claimed = !started;
      return claimed;
    }

    @Override
    public int status() {
      return 200;
    }

    @Override
    public long lastWriteAt() {
      return 0;
    }

    @Override
    public void requestSent() {}

    @Override
    public void leave() {}

    @Override
    public void end() {}

    @Override
    public void end(byte[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean closed() {
      return false;
    }

    @Override
    public boolean abandoned() {
      return false;
    }

    @Override
    public void onClose(Runnable action) {}
  }
}
