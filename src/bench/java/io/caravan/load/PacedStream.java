package io.caravan.load;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A stream that sends a token at each of its times until its order is complete. */
final class PacedStream implements Comparable<PacedStream> {
  private final UpstreamConnection connection;
  private final Tokens.Order order;
  private final long interval;
  private long dueAt;
  private int sent;

  PacedStream(UpstreamConnection connection, Tokens.Order order) {
    this.connection = connection;
    this.order = order;
    this.interval = TimeUnit.MICROSECONDS.toNanos(order.intervalMicros());
    this.dueAt = Tokens.now();
  }

  long dueAt() {
    return dueAt;
  }

  /** Sends the next token and returns whether there are more. */
  boolean sendNext() {
    if (connection.isGone()) {
      return false;
    }
    try {
      connection.send(Answers.tokenChunk(Tokens.now()));
      sent++;
      dueAt += interval;
      if (sent < order.events()) {
        return true;
      }
      connection.send(Answers.end(sent));
    } catch (IOException e) {
      connection.failed(e);
    }
    return false;
  }

  @Override
  public int compareTo(PacedStream other) {
    return Long.compare(dueAt, other.dueAt);
  }
}
