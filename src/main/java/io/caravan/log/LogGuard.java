package io.caravan.log;

import java.util.List;

/**
 * Keeps keys and prompts out of the log whatever its configuration says. Libraries write what they
 * carry at debug and trace: HTTP clients their headers, Netty its buffers, Camel the values that it
 * converts. So below info only those are heard that are known to write nothing of a message:
 * Caravan itself, and Camel where it starts and stops. It knows Logback, which the runnable jar and
 * Spring Boot have, and Log4j 2, which the Camel CLI has.
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

  /** Installs the filter, once; does nothing where another framework logs. */
  public static void install() {
    // No references to methods: those would be linked here.
    install(() -> LogbackGuard.install());
    install(() -> Log4jGuard.install());
  }

  private static void install(Runnable guard) {
    try {
      guard.run();
    } catch (LinkageError e) {
      // Another framework: the HTTP client's own wire log does not exist there either.
    }
  }

  static boolean isOpen(String logger) {
    return OPEN.stream().anyMatch(logger::startsWith);
  }
}
