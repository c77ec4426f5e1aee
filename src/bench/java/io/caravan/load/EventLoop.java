package io.caravan.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * One thread that serves all connections of one side of a load test. A thread for each would cost
 * more than the measured work.
 */
abstract class EventLoop implements AutoCloseable {
  /** Handles the events of one connection, on the loop's thread. */
  interface Handler {
    void ready(SelectionKey key) throws IOException;

    /** Handles a failure of the connection, whose key is cancelled already. */
    void failed(IOException why);
  }

  private final Thread thread;
  protected final Selector selector;
  private volatile boolean stopped;

  EventLoop(String name) throws IOException {
    selector = Selector.open();
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Runs the work that is due.
   *
   * @return the nanoseconds until more is due; {@link Long#MAX_VALUE} for never
   */
  abstract long runDue();

  @Override
  public void close() {
    if (stopped) {
      return;
    }
    stopped = true;
    selector.wakeup();
    try {
      thread.join();
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stopped) {
        long wait = runDue();
        if (wait == Long.MAX_VALUE) {
          selector.select();
        } else {
          // A delay of a millisecond does no harm, since tokens carry the time at which they are
          // sent. A loop that spins would take the processor from the measured server.
          selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
        }
        handleReady();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handleReady() {
    Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
    while (keys.hasNext()) {
      SelectionKey key = keys.next();
      keys.remove();
      Handler handler = (Handler) key.attachment();
      try {
        if (key.isValid()) {
          handler.ready(key);
        }
      } catch (IOException e) {
        key.cancel();
        handler.failed(e);
      }
    }
  }
}
