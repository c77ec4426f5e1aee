package io.caravan.app;

import java.io.IOException;
import org.slf4j.LoggerFactory;

/**
 * Does on another thread what a start will need soon and what depends on nothing, as a start itself
 * is one thread: it looks into the jar, and reads a first JSON text, for which Java and Jackson set
 * up their dates and large numbers.
 */
public final class Ahead {
  private Ahead() {}

  /** Begins. Whatever fails here fails again where it is needed. */
  public static void begin() {
    Thread thread = new Thread(Ahead::run, "caravan-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run() {
    try {
      RouteFiles.lookIntoJar();
      RouteJson.mapper().readTree("{}");
    } catch (IOException | RuntimeException e) {
      LoggerFactory.getLogger(Ahead.class).debug("Nothing was done ahead", e);
    }
  }
}
