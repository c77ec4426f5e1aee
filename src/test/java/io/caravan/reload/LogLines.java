package io.caravan.reload;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/**
 * What the gateway logs for its operator, while it is open; whatever level other tests of this
 * process have left, or the default of a process without a configuration.
 */
final class LogLines implements AutoCloseable {
  private static final String LOGGER = "io.caravan";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final Configuration configuration = context.getConfiguration();
  private final LoggerConfig before = configuration.getLoggers().get(LOGGER);
  private final LoggerConfig logger = new LoggerConfig(LOGGER, Level.INFO, true);

  private LogLines() {
    Lines appender = new Lines();
    appender.start();
    logger.addAppender(appender, Level.INFO, null);
    replace(logger);
  }

  private void replace(LoggerConfig by) {
    configuration.removeLogger(LOGGER);
    if (by != null) {
      configuration.addLogger(LOGGER, by);
    }
    context.updateLoggers();
  }

  static LogLines listen() {
    return new LogLines();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    replace(before);
  }

  private final class Lines extends AbstractAppender {
    Lines() {
      super("log-lines", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getMessage().getFormattedMessage());
    }
  }
}
