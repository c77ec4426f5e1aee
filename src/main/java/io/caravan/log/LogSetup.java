package io.caravan.log;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.StatusUtil;
import java.util.List;
import java.util.Map;

/**
 * The log of the runnable jar: Caravan's lines from info and Camel's from warn, on standard output.
 * A configuration file of one's own, where Logback looks for one, replaces it. It is Java, as
 * reading one takes a twentieth of a start.
 *
 * @see <a href="https://logback.qos.ch/manual/configuration.html">Logback's configuration</a>
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  /** The level where no logger's own is given. */
  static final String LEVEL = "caravan.log-level";

  private static final Map<String, Level> LEVELS =
      Map.of(
          "io.caravan.requests", Level.INFO,
          "org.apache.camel", Level.WARN,
          "org.apache.camel.support.RouteWatcherReloadStrategy", Level.INFO,
          // An edit that can't be taken is reported by Caravan, in one line.
          "org.apache.camel.support.FileWatcherResourceReloadStrategy", Level.ERROR,
          // So is a start that fails.
          "org.apache.camel.impl.engine.AbstractCamelContext", Level.OFF);

  /** The properties by which other frameworks than Logback are configured. */
  private static final List<String> PASSED_OVER =
      List.of("log4j2.configurationFile", "log4j.configurationFile");

  @Override
  public ExecutionStatus configure(LoggerContext log) {
    DefaultJoranConfigurator files = new DefaultJoranConfigurator();
    files.setContext(log);
    boolean isNoFile = files.configure(log) == ExecutionStatus.INVOKE_NEXT_IF_ANY;
    if (isNoFile || new StatusUtil(log).hasXMLParsingErrors(0)) {
      setUp(log);
    }
    Logger caravan = log.getLogger("io.caravan");
    if (isSetUpIn(log) && System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
      caravan.warn(
          "{} names no file that can be read: {}",
          ClassicConstants.CONFIG_FILE_PROPERTY,
          System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY));
    }
    for (String property : PASSED_OVER) {
      if (System.getProperty(property) != null) {
        caravan.warn(
            "{} is not read: Logback writes this log ({})",
            property,
            ClassicConstants.CONFIG_FILE_PROPERTY);
      }
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Tells whether this is what is in force, and no configuration of anybody else. */
  static boolean isSetUpIn(LoggerContext log) {
    return log.getObject(LogSetup.class.getName()) != null;
  }

  void setUp(LoggerContext log) {
    LineEncoder lines = new LineEncoder();
    lines.setContext(log);
    lines.setJson("json".equals(System.getProperty(LogFormat.SETTING)));
    lines.start();
    ConsoleAppender<ILoggingEvent> out = new ConsoleAppender<>();
    out.setContext(log);
    out.setName("out");
    out.setEncoder(lines);
    out.start();
    Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getProperty(LEVEL), Level.INFO));
    root.addAppender(out);
    LEVELS.forEach((name, level) -> log.getLogger(name).setLevel(level));
    log.putObject(LogSetup.class.getName(), this);
  }
}
