package io.caravan.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * The filter of {@link LogGuard} in Logback: in front of every other, put back when a configuration
 * is replaced, and absent where the runnable jar's own is in force and nothing below info is
 * logged. A class of its own, since where there is no Logback it can't even be linked.
 */
final class LogbackGuard implements LoggerContextListener {
  private final Quiet filter = new Quiet();

  private LogbackGuard() {}

  /** Installs the filter, once. */
  static void install() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log) {
      install(log);
    }
  }

  static synchronized void install(LoggerContext log) {
    if (log.getCopyOfListenerList().stream().noneMatch(LogbackGuard.class::isInstance)) {
      LogbackGuard guard = new LogbackGuard();
      log.addListener(guard);
      guard.add(log);
    }
  }

  private void add(LoggerContext log) {
    boolean needed =
        !LogSetup.isSetUpIn(log)
            || log.getLoggerList().stream().anyMatch(logger -> isBelowInfo(logger.getLevel()));
    if (needed && !log.getTurboFilterList().contains(filter)) {
      // The filter has to be the first: another one may accept an event at once.
      log.getTurboFilterList().add(0, filter);
    }
  }

  private static boolean isBelowInfo(Level level) {
    return level != null && !level.isGreaterOrEqual(Level.INFO);
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  @Override
  public void onStart(LoggerContext log) {
    add(log);
  }

  @Override
  public void onReset(LoggerContext log) {
    add(log);
  }

  @Override
  public void onLevelChange(Logger logger, Level level) {
    if (isBelowInfo(level)) {
      add(logger.getLoggerContext());
    }
  }

  @Override
  public void onStop(LoggerContext log) {
    // Nothing is logged any more.
  }

  /** Denies what is below info and comes from a logger that is not open. */
  private static final class Quiet extends TurboFilter {
    @Override
    public FilterReply decide(
        Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
      return level.isGreaterOrEqual(Level.INFO) || LogGuard.isOpen(logger.getName())
          ? FilterReply.NEUTRAL
          : FilterReply.DENY;
    }
  }
}
