package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests an {@link Admission} with real threads, virtual ones where Java has them. */
class AdmissionThreadsIT {
  private final ExecutorService threads = threads();
  private final Admission admission = new Admission();

  private static ExecutorService threads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException beforeJava21) {
      return Executors.newCachedThreadPool();
    }
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static AdmissionRequest request(int session) {
    return new AdmissionRequest(
        new AdmissionRequest.Turn("", "s" + session, session % 2 == 0), Duration.ofMinutes(1));
  }

  private Future<Permit> acquire(AdmissionRequest request) {
    return threads.submit(() -> admission.acquire(request));
  }

  private void awaitQueued(int queued) {
    await().until(admission::getQueued, now -> now == queued);
  }

  @Test
  void neverMoreCallsThanAllowedAndNoneIsForgottenWhateverIsCancelledOrInterrupted()
      throws Exception {
    int requests = 400;
    admission.setMaxConcurrency(4);
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger made = new AtomicInteger();
    List<Future<Void>> results = new ArrayList<>();
    List<AdmissionRequest> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      AdmissionRequest request = request(i % 7);
      all.add(request);
      Callable<Void> call =
          () -> {
            Permit permit = admission.acquire(request);
            most.accumulateAndGet(calls.incrementAndGet(), Math::max);
            for (int spin = 0; spin < 1000; spin++) {
              Thread.onSpinWait();
            }
            calls.decrementAndGet();
            made.incrementAndGet();
            permit.close();
            return null;
          };
      results.add(threads.submit(call));
    }
    Random random = new Random(1);
    for (int i = 0; i < requests / 2; i++) {
      int which = random.nextInt(requests);
      if (i % 2 == 0) {
        all.get(which).cancel();
      } else {
        results.get(which).cancel(true);
      }
    }

    await().until(() -> results.stream().allMatch(Future::isDone));
    await().until(admission::getActive, active -> active == 0);
    assertThat(admission.getQueued()).isZero();
    assertThat(most.get()).isBetween(1, 4);
    assertThat(made.get()).isBetween(requests / 2, requests);
  }

  @Test
  void aCancelFromAnotherThreadEndsTheWait() throws Exception {
    admission.setMaxConcurrency(1);
    try (Permit permit = admission.acquire(request(1))) {
      AdmissionRequest request = request(2);
      Future<Permit> waiting = acquire(request);
      awaitQueued(1);
      request.cancel();
      assertThat(waiting)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(CancellationException.class);
      assertThat(admission.getQueued()).isZero();
      assertThat(permit.waited()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void anInterruptEndsTheWaitAndFreesThePlace() throws Exception {
    admission.setMaxConcurrency(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Permit permit = admission.acquire(request(1))) {
      Future<?> waiting =
          threads.submit(
              () -> {
                try {
                  admission.acquire(request(2)).close();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                }
              });
      awaitQueued(1);
      waiting.cancel(true);
      interrupted.await();
      assertThat(admission.getQueued()).isZero();
      assertThat(permit).isNotNull();
    }
    assertThat(admission.getActive()).isZero();
  }

  @Test
  void aClosedPermitWakesTheNextInTheQueue() throws Exception {
    admission.setMaxConcurrency(1);
    Permit permit = admission.acquire(request(1));
    Future<Permit> next = acquire(request(2));
    awaitQueued(1);
    permit.close();
    assertThat(next).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void theWindowWakesTheNextInTheQueueByItself() throws Exception {
    admission.setRequestsPerMinute(1);
    admission.setWindow(Duration.ofMillis(200));
    admission.setMargin(Duration.ZERO);
    long start = System.nanoTime();
    admission.acquire(request(1)).close();
    admission.acquire(request(2)).close();
    admission.acquire(request(3)).close();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(400));
  }
}
