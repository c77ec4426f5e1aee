package io.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Tests that a log that can't be written fails no request: the system's disk that is always full.
 */
@Timeout(60)
class FullDiskIT {
  private static final Path FULL = Path.of("/dev/full");

  @Test
  void aLogOnAFullDiskFailsNoRequest() throws Exception {
    assumeTrue(Files.exists(FULL), "this system has no " + FULL);
    Logger requests = (Logger) LoggerFactory.getLogger("io.caravan.requests");
    Level level = requests.getLevel();
    AtomicInteger failures = new AtomicInteger();
    StatusListener listener = status -> count(status, failures);
    requests.getLoggerContext().getStatusManager().add(listener);
    FileAppender<ILoggingEvent> appender = appender(requests);
    requests.addAppender(appender);
    requests.setLevel(Level.INFO);
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
      // Logback reports the first ones only.
      assertThat(failures).as("lines that were not written").hasPositiveValue();
    } finally {
      requests.detachAppender(appender);
      requests.setLevel(level);
      requests.getLoggerContext().getStatusManager().remove(listener);
      appender.stop();
    }
  }

  private static FileAppender<ILoggingEvent> appender(Logger logger) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(logger.getLoggerContext());
    encoder.setPattern("%message%n");
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(logger.getLoggerContext());
    appender.setFile(FULL.toString());
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static void count(Status status, AtomicInteger failures) {
    if (status.getLevel() == Status.ERROR) {
      failures.incrementAndGet();
    }
  }

  private static String message(boolean stream) {
    return "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }
}
