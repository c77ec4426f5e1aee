package io.caravan.http;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlinesIT {
  @Test
  void anErrorOfOneCallStopsNoOthersTimers() {
    try (Deadlines deadlines = new Deadlines()) {
      AtomicInteger ticks = new AtomicInteger();
      deadlines.add(
          now -> {
            throw new StackOverflowError("of one call");
          });
      deadlines.add(
          now -> {
            throw new IllegalStateException("of another call");
          });
      deadlines.add(now -> ticks.incrementAndGet());

      await().until(() -> ticks.get() > 2);
      await().until(() -> deadlines.size() == 1);
    }
  }
}
