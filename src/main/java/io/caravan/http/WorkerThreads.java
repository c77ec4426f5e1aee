package io.caravan.http;

import io.caravan.http.loop.LoopThreads;
import io.vertx.core.spi.ExecutorServiceFactory;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * Gives Vert.x virtual threads for its workers where Java has them (from 21). A stream holds its
 * worker for its whole life, so with the default pool of 20 platform threads the 21st client waits.
 * Vert.x finds this class through {@code META-INF/services}; on Java 17 it keeps its own pool,
 * whose size application.properties sets.
 */
public final class WorkerThreads implements ExecutorServiceFactory {
  private static final String SWITCH = "caravan.virtual-threads";
  private static final String NAME = "caravan-";

  /** Returns whether workers are virtual threads, whose number has no limit. */
  static boolean areVirtual() {
    ExecutorService one = perTask();
    if (one == null) {
      return false;
    }
    one.shutdown();
    return true;
  }

  @Override
  public ExecutorService createExecutor(
      ThreadFactory platformThreads, Integer size, Integer maximum) {
    ExecutorService virtual = perTask();
    return virtual != null
        ? virtual
        : ExecutorServiceFactory.INSTANCE.createExecutor(platformThreads, size, maximum);
  }

  /**
   * Makes an executor with a virtual thread for each task, through reflection, since the code is
   * built for Java 17; null if there are none.
   */
  public static ExecutorService perTask() {
    if (!Boolean.parseBoolean(System.getProperty(SWITCH, "true"))) {
      return null;
    }
    try {
      ThreadFactory factory = LoopThreads.factory(NAME);
      Method perTask = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
      return (ExecutorService) perTask.invoke(null, factory == null ? ordinary() : factory);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private static Object ordinary() throws ReflectiveOperationException {
    Class<?> builderType = Class.forName("java.lang.Thread$Builder$OfVirtual");
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    builder = builderType.getMethod("name", String.class, long.class).invoke(builder, NAME, 0L);
    return builderType.getMethod("factory").invoke(builder);
  }
}
