package io.caravan.log;

import java.util.Arrays;
import java.util.stream.Stream;
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
 * The filter of {@link LogGuard} in Log4j: in front of every appender, put back when a
 * configuration is replaced, and absent where nothing below info is logged. A class of its own,
 * since where there is no Log4j (Quarkus) it can't even be linked.
 */
final class Log4jGuard {
  private Log4jGuard() {}

  /** Installs the filter, once. */
  static void install() {
    if (LogManager.getContext(false) instanceof LoggerContext context) {
      guard(context);
    }
  }

  private static synchronized void guard(LoggerContext context) {
    if (context.getObject(Log4jGuard.class.getName()) == null) {
      context.putObject(Log4jGuard.class.getName(), new Object());
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
        Stream.concat(
                // A configuration that is made by a program has its root apart.
                Stream.of(configuration.getRootLogger()),
                configuration.getLoggers().values().stream())
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
    return filter instanceof Quiet
        || (filter instanceof CompositeFilter all
            && Arrays.stream(all.getFiltersArray()).anyMatch(each -> each instanceof Quiet));
  }

  /** Denies what is below info and comes from a logger that is not open. */
  private static final class Quiet extends AbstractFilter {
    private static Result check(Level level, String logger) {
      return level.isMoreSpecificThan(Level.INFO) || LogGuard.isOpen(logger)
          ? Result.NEUTRAL
          : Result.DENY;
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
