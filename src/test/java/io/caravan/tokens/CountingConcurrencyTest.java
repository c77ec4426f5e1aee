package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.MessagesRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CountingConcurrencyTest {
  @Test
  void manyThreadsOnAColdCounterAllGetTheSameNumbers() throws Exception {
    JtokkitTokenCounter counter = Counters.bare();
    List<MessagesRequest> requests = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text = ("Text number " + i + " has some words, and isn't short. ").repeat(10 + i);
      requests.add(Requests.saying(text));
      expected.add((long) Counters.reference(text));
    }

    List<List<Long>> results =
        inThreads(
            8,
            () -> {
              List<Long> counts = new ArrayList<>();
              for (MessagesRequest request : requests) {
                counts.add(counter.count(request, ""));
              }
              return counts;
            });

    assertThat(results).hasSize(8).allSatisfy(counts -> assertThat(counts).isEqualTo(expected));
  }

  @Test
  void countsNoMoreLargeTextsAtATimeThanItMay() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Vocabulary watched = new WatchedVocabulary(now, most);
    TextTokens texts = new TextTokens(watched, 2);
    String large = "word ".repeat(10_000);

    List<Integer> counts = inThreads(8, () -> texts.exact(large));

    assertThat(counts).hasSize(8).containsOnly(Counters.reference(large));
    assertThat(most).hasValueLessThanOrEqualTo(2);
  }

  private interface Work<T> {
    T run();
  }

  private static <T> List<T> inThreads(int threads, Work<T> work)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(pool.submit(work::run));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Records the number of threads that were counting at the same time. */
  private record WatchedVocabulary(AtomicInteger now, AtomicInteger most) implements Vocabulary {
    @Override
    public int count(String text) {
      int counting = now.incrementAndGet();
      most.accumulateAndGet(counting, Math::max);
      try {
        return Counters.VOCABULARY.count(text);
      } finally {
        now.decrementAndGet();
      }
    }

    @Override
    public String name() {
      return "watched";
    }
  }
}
