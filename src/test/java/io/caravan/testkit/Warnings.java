package io.caravan.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What any part of this process logs as a warning or an error, while it is open. */
public final class Warnings implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();
  private final Lines appender = new Lines();

  private Warnings() {
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.setLevel(Level.WARN);
    root.addAppender(appender);
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
    root.detachAppender(appender);
    root.setLevel(before);
  }

  private final class Lines extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        String line = event.getLevel() + " " + event.getLoggerName() + " - ";
        String stack = ThrowableProxyUtil.asString(event.getThrowableProxy());
        lines.add((line + event.getFormattedMessage() + "\n" + stack).strip());
      }
    }
  }
}
