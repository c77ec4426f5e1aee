package io.caravan.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** What any part of this process logs as a warning or an error, while it is open. */
public final class Warnings implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final LoggerConfig root = context.getConfiguration().getRootLogger();
  private final Level before = root.getLevel();
  private final Appender appender = new Appender();

  private Warnings() {
    appender.start();
    root.addAppender(appender, Level.WARN, null);
    root.setLevel(Level.WARN);
    context.updateLoggers();
  }

  /** Begins to listen. */
  public static Warnings listen() {
    return new Warnings();
  }

  /** One string for each event, with the stack of what it carries. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    root.removeAppender(appender.getName());
    root.setLevel(before);
    context.updateLoggers();
  }

  private final class Appender extends AbstractAppender {
    Appender() {
      super("warnings", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      StringBuilder line = new StringBuilder();
      line.append(event.getLevel()).append(' ').append(event.getLoggerName()).append(" - ");
      line.append(event.getMessage().getFormattedMessage());
      if (event.getThrown() != null) {
        line.append("\n").append(event.getThrown());
        for (StackTraceElement element : event.getThrown().getStackTrace()) {
          line.append("\n  at ").append(element);
        }
      }
      lines.add(line.toString());
    }
  }
}
