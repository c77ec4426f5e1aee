package io.caravan.reload;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** What the gateway logs for its operator, while it is open. */
final class LogLines implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final LoggerConfig logger = context.getConfiguration().getLoggerConfig("io.caravan");
  private final Lines appender = new Lines();

  private LogLines() {
    appender.start();
    logger.addAppender(appender, Level.INFO, null);
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
    logger.removeAppender(appender.getName());
    context.updateLoggers();
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
