package io.caravan.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;

/** Tests that nothing makes a library say what it carries. */
class LogGuardTest {
  private final LoggerContext log = new LoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @AfterEach
  void close() {
    log.stop();
  }

  @Test
  void hearsNothingBelowInfoOfALibrary() {
    LogbackGuard.install(log);
    level(Level.TRACE);

    say("org.apache.hc.client5.http.wire");
    say("org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager");
    say("io.caravan.http.Client");

    assertThat(lines.list)
        .extracting(event -> event.getLevel() + " " + event.getLoggerName())
        .containsExactly(
            "INFO org.apache.hc.client5.http.wire",
            "DEBUG org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager",
            "INFO org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager",
            "DEBUG io.caravan.http.Client",
            "INFO io.caravan.http.Client");
  }

  @Test
  void standsBeforeAFilterThatAcceptsAll() {
    log.addTurboFilter(new Accepting());
    LogbackGuard.install(log);
    level(Level.INFO);

    say("io.netty.handler.logging.LoggingHandler");

    assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO);
  }

  @Test
  void standsThereAgainOnceTheConfigurationIsReplaced() {
    LogbackGuard.install(log);
    LogbackGuard.install(log);
    log.reset();
    log.addTurboFilter(new Accepting());
    level(Level.TRACE);

    say("io.netty.handler.logging.LoggingHandler");

    assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO);
  }

  @Test
  void costsNothingUntilTheRunnableJarsOwnLogIsSetToMore() {
    LogSetup setup = new LogSetup();
    setup.setUp(log);
    LogbackGuard.install(log);
    assertThat(log.getTurboFilterList()).isEmpty();

    level(Level.DEBUG);
    say("org.apache.hc.client5.http.wire");

    assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO);
  }

  /** Which the Camel CLI logs by. */
  @Test
  void hearsNothingBelowInfoByLog4jEither() {
    List<String> heard = new CopyOnWriteArrayList<>();
    try {
      Configurator.reconfigure(
          new DefaultConfiguration() {
            @Override
            protected void doConfigure() {
              getRootLogger().setLevel(org.apache.logging.log4j.Level.TRACE);
              getRootLogger().addAppender(new Heard(heard), null, null);
            }
          });
      Log4jGuard.install();
      LogManager.getLogger("org.apache.hc.client5.http.wire").debug("x");
      LogManager.getLogger("org.apache.hc.client5.http.wire").info("x");
      LogManager.getLogger("io.caravan.http.Client").debug("x");
    } finally {
      Configurator.reconfigure(new DefaultConfiguration());
    }

    assertThat(heard)
        .containsExactly("INFO org.apache.hc.client5.http.wire", "DEBUG io.caravan.http.Client");
  }

  private void level(Level level) {
    Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
    lines.start();
    root.addAppender(lines);
    root.setLevel(level);
  }

  private void say(String logger) {
    log.getLogger(logger).debug("x");
    log.getLogger(logger).info("x");
  }

  /** Accepts all. */
  private static final class Accepting extends TurboFilter {
    @Override
    public FilterReply decide(
        Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
      return FilterReply.ACCEPT;
    }
  }

  /** Keeps the levels and the loggers of events. */
  private static final class Heard extends AbstractAppender {
    private final List<String> heard;

    Heard(List<String> heard) {
      super("heard", null, null, false, Property.EMPTY_ARRAY);
      this.heard = heard;
      start();
    }

    @Override
    public void append(LogEvent event) {
      heard.add(event.getLevel() + " " + event.getLoggerName());
    }
  }
}
