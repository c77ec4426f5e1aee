package io.caravan.app;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.apache.logging.log4j.core.filter.CompositeFilter;
import org.apache.logging.log4j.message.Message;

/**
 * Keeps keys and prompts out of the log whatever its configuration says. Libraries write what they
 * carry at debug and trace: HTTP clients their headers, Netty its buffers, Camel the values that it
 * converts. So below info only those are heard that are known to write nothing of a message:
 * Caravan itself, and Camel where it starts and stops. It is a filter in front of every appender,
 * put back when a configuration is replaced, and absent where nothing below info is logged. It
 * needs Log4j 2, which the runnable jar and the Camel CLI have.
 */
public final class LogGuard {
  /** The beginnings of the names of loggers that may write at debug and trace. */
  private static final List<String> OPEN =
      List.of(
          "io.caravan",
          "org.apache.camel.main.MainSupport",
          "org.apache.camel.impl.engine.AbstractCamelContext",
          "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager");

  private LogGuard() {}

  /** Installs the filter, once; does nothing where another framework than Log4j 2 logs. */
  public static void install() {
    try {
      if (LogManager.getContext(false) instanceof LoggerContext context) {
        guard(context);
      }
    } catch (LinkageError e) {
      // Another framework: the HTTP client's own wire log does not exist there either.
    }
  }

  private static synchronized void guard(LoggerContext context) {
    if (context.getObject(LogGuard.class.getName()) == null) {
      context.putObject(LogGuard.class.getName(), new Object());
      context.addPropertyChangeListener(
          event -> {
            if (LoggerContext.PROPERTY_CONFIG.equals(event.getPropertyName())) {
              add(context);
            }
          });
    }
    add(context);
  }

  /** Adds the filter if the configuration lets anything below info through and lacks it. */
  private static void add(LoggerContext context) {
    Configuration configuration = context.getConfiguration();
    Filter others = configuration.getFilter();
    boolean needed =
        configuration.getLoggers().values().stream()
            .map(LoggerConfig::getLevel)
            .anyMatch(level -> level.isLessSpecificThan(Level.DEBUG));
    if (!needed || isIn(others)) {
      return;
    }
    // The filter has to be the first: another one may accept an event at once.
    if (others != null) {
      configuration.removeFilter(others);
    }
    configuration.addFilter(new Quiet());
    if (others != null) {
      configuration.addFilter(others);
    }
    context.updateLoggers();
  }

  private static boolean isIn(Filter filter) {
    if (filter instanceof CompositeFilter all) {
      for (Filter each : all) {
        if (each instanceof Quiet) {
          return true;
        }
      }
    }
    return filter instanceof Quiet;
  }

  static boolean isOpen(String logger) {
    return OPEN.stream().anyMatch(logger::startsWith);
  }

  /** Denies what is below info and comes from a logger that is not open. */
  private static final class Quiet extends AbstractFilter {
    private static Result check(Level level, String logger) {
      return level.isMoreSpecificThan(Level.INFO) || isOpen(logger) ? Result.NEUTRAL : Result.DENY;
    }

    @Override
    public Result filter(LogEvent event) {
      return check(event.getLevel(), event.getLoggerName());
    }

    @Override
    public Result filter(Logger logger, Level level, Marker marker, Message message, Throwable t) {
      return check(level, logger.getName());
    }

    @Override
    public Result filter(Logger logger, Level level, Marker marker, Object message, Throwable t) {
      return check(level, logger.getName());
    }

    @Override
    public Result filter(
        Logger logger, Level level, Marker marker, String message, Object... params) {
      return check(level, logger.getName());
    }
  }
}
