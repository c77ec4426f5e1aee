package io.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests that a log that can't be written fails no request: the system's disk that is always full.
 */
@Timeout(60)
class FullDiskIT {
  private static final Path FULL = Path.of("/dev/full");

  @Test
  void aLogOnAFullDiskFailsNoRequest() throws Exception {
    assumeTrue(Files.exists(FULL), "this system has no " + FULL);
    LoggerContext context = LoggerContext.getContext(false);
    LoggerConfig root = context.getConfiguration().getRootLogger();
    LoggerConfig requests = context.getConfiguration().getLoggerConfig("io.caravan.requests");
    Failures failures = new Failures();
    StatusLogger.getLogger().registerListener(failures);
    FileAppender appender =
        FileAppender.newBuilder().setName("full").withFileName(FULL.toString()).build();
    appender.start();
    root.addAppender(appender, Level.INFO, null);
    requests.addAppender(appender, Level.INFO, null);
    Level level = requests.getLevel();
    requests.setLevel(Level.INFO);
    context.updateLoggers();
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.before(upstream, "caravan.model.default", "nim/test/model")) {
      upstream.answer(request -> Script.says("said"));
      for (boolean stream : new boolean[] {true, false}) {
        HttpResponse<String> answer = gateway.post("/v1/messages", message(stream));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("said");
      }
      assertThat(gateway.post("/v1/messages", "{").statusCode()).isEqualTo(400);
      gateway.awaitNothingOpen();
      // Log4j reports the first ones only.
      assertThat(failures.count).as("lines that were not written").hasPositiveValue();
    } finally {
      root.removeAppender("full");
      requests.removeAppender("full");
      requests.setLevel(level);
      context.updateLoggers();
      StatusLogger.getLogger().removeListener(failures);
    }
  }

  private static String message(boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  /** Counts what Log4j reports of itself. */
  private static final class Failures implements StatusListener {
    final AtomicInteger count = new AtomicInteger();

    @Override
    public void log(StatusData data) {
      count.incrementAndGet();
    }

    @Override
    public Level getStatusLevel() {
      return Level.ERROR;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
