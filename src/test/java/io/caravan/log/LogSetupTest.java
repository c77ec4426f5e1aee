package io.caravan.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the runnable jar's levels, and its lines. */
class LogSetupTest {
  private static final String STAMP =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";

  private final LoggerContext log = new LoggerContext();
  private final LineEncoder lines = new LineEncoder();

  @Test
  void takesCaravansLinesFromInfoAndCamelsFromWarn() {
    new LogSetup().setUp(log);

    assertThat(log.getLogger("io.caravan.gateway").getEffectiveLevel()).isEqualTo(Level.INFO);
    assertThat(log.getLogger("org.apache.camel.main").getEffectiveLevel()).isEqualTo(Level.WARN);
    assertThat(log.getLogger("org.apache.camel.impl.engine.AbstractCamelContext").isErrorEnabled())
        .isFalse();
  }

  @Test
  void writesTextWithDateZoneLevelAndTheNameOfTheClass() {
    assertThat(line("io.caravan.app.Start", Level.WARN, "ready on {}", null))
        .matches(STAMP + " WARN  Start - ready on port ü\\R");
    assertThat(line("io.caravan.app.Start", Level.ERROR, "no", new IllegalStateException("why")))
        .matches("(?s)" + STAMP + " ERROR Start - no\\R.*IllegalStateException: why\\R\\s+at .*");
    assertThat(line("org.apache.camel.Main", Level.WARN, "no", new IllegalStateException("why")))
        .matches(STAMP + " WARN  Main - no\\R");
  }

  @Test
  void writesAnObjectALine() throws Exception {
    lines.setJson(true);
    JsonNode line =
        new ObjectMapper()
            .readTree(line("io.caravan.app.Start", Level.WARN, "a \"{}\"\n", new Exception("why")));

    assertThat(line.get("time").asText()).matches(STAMP);
    assertThat(line.get("level").asText()).isEqualTo("WARN");
    assertThat(line.get("logger").asText()).isEqualTo("io.caravan.app.Start");
    assertThat(line.get("message").asText()).isEqualTo("a \"port ü\"\n");
    assertThat(line.get("error").asText()).startsWith("java.lang.Exception: why").contains("\tat ");
    assertThat(line("io.caravan.requests", Level.INFO, "{\"event\":\"request\"}", null))
        .isEqualTo("{\"event\":\"request\"}" + System.lineSeparator());
  }

  @Test
  void isInForceAlsoIfAFileOfOnesOwnCantBeRead(@TempDir Path directory) throws Exception {
    configure(Files.writeString(directory.resolve("broken.xml"), "<configuration><root"));

    assertThat(LogSetup.isSetUpIn(log)).isTrue();
    assertThat(log.getLogger("org.apache.camel.main").getEffectiveLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void leavesTheLogToAFileOfOnesOwn(@TempDir Path directory) throws Exception {
    String text = "<configuration><root level=\"error\"/></configuration>";
    configure(Files.writeString(directory.resolve("own.xml"), text));

    assertThat(LogSetup.isSetUpIn(log)).isFalse();
    assertThat(log.getLogger("io.caravan").getEffectiveLevel()).isEqualTo(Level.ERROR);
  }

  private void configure(Path file) {
    LogSetup setup = new LogSetup();
    setup.setContext(log);
    System.setProperty("logback.configurationFile", file.toString());
    try {
      setup.configure(log);
    } finally {
      System.clearProperty("logback.configurationFile");
    }
  }

  private String line(String logger, Level level, String message, Throwable thrown) {
    Object[] words = message.contains("{}") ? new Object[] {"port ü"} : null;
    LoggingEvent event = new LoggingEvent("", log.getLogger(logger), level, message, thrown, words);
    return new String(lines.encode(event), StandardCharsets.UTF_8);
  }
}
