package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

class AdmissionPropertyTest {
  private static final Duration WINDOW = Duration.ofSeconds(60);

  /**
   * A step of a schedule.
   *
   * @param after the milliseconds before it
   * @param kind an arrival, a call that ends, or a request that is cancelled
   * @param session the session of an arrival
   * @param which the number of the call or request that ends
   */
  record Step(int after, Kind kind, String session, int which) {}

  enum Kind {
    ARRIVE,
    ARRIVE_AGENT,
    END,
    CANCEL
  }

  @Provide
  Arbitrary<List<Step>> schedules() {
    Arbitrary<Kind> kind =
        Arbitraries.frequency(
            Tuple.of(5, Kind.ARRIVE),
            Tuple.of(3, Kind.ARRIVE_AGENT),
            Tuple.of(5, Kind.END),
            Tuple.of(2, Kind.CANCEL));
    // Bursts and pauses: most steps follow at once, some after up to two windows.
    Arbitrary<Integer> after =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(0)),
            Tuple.of(3, Arbitraries.integers().between(1, 5_000)),
            Tuple.of(1, Arbitraries.integers().between(5_000, 120_000)));
    return Combinators.combine(
            after, kind, Arbitraries.of("a", "b", "c"), Arbitraries.integers().between(0, 1000))
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  /** Runs a schedule and records the times of all permits. */
  private static final class Run {
    final ManualTime time = new ManualTime();
    final Admission admission = new Admission();
    final List<PendingRequest> waiting = new ArrayList<>();
    final Deque<Permit> open = new ArrayDeque<>();
    final List<Duration> given = new ArrayList<>();
    final int concurrent;

    Run(int limit, int concurrent) {
      this.concurrent = concurrent;
      admission.setRequestsPerMinute(limit);
      admission.setMaxConcurrency(concurrent);
      admission.setMargin(Duration.ZERO);
      admission.setWindow(WINDOW);
      admission.setMaxWait(Duration.ofSeconds(150));
      admission.setTime(time);
    }

    void run(List<Step> steps) throws InterruptedException {
      for (Step step : steps) {
        advance(Duration.ofMillis(step.after()));
        switch (step.kind()) {
          case ARRIVE ->
              arrive(
                  new AdmissionRequest(new AdmissionRequest.Turn("", step.session(), false), null));
          case ARRIVE_AGENT ->
              arrive(
                  new AdmissionRequest(new AdmissionRequest.Turn("", step.session(), true), null));
          case END -> {
            if (!open.isEmpty()) {
              open.poll().close();
            }
          }
          case CANCEL -> {
            if (!waiting.isEmpty()) {
              waiting.get(step.which() % waiting.size()).request().cancel();
            }
          }
        }
        collect();
      }
    }

    void arrive(AdmissionRequest request) {
      waiting.add(admission.enter(request));
    }

    /** Moves the clock in small steps, so that the time of each permit is known. */
    void advance(Duration by) throws InterruptedException {
      Duration end = time.elapsed().plus(by);
      while (time.elapsed().compareTo(end) < 0) {
        Duration left = end.minus(time.elapsed());
        Duration step = Duration.ofMillis(500);
        time.advance(left.compareTo(step) < 0 ? left : step);
        collect();
      }
    }

    void collect() throws InterruptedException {
      for (PendingRequest pending : List.copyOf(waiting)) {
        if (pending.granted()) {
          Permit permit = pending.await();
          given.add(
              Duration.ofNanos(pending.queuedAt() - new ManualTime().nanoTime())
                  .plus(permit.waited()));
          open.add(permit);
        }
        if (pending.done()) {
          waiting.remove(pending);
        }
      }
      if (concurrent > 0) {
        assertThat(open).hasSizeLessThanOrEqualTo(concurrent);
      }
    }

    void finish() throws InterruptedException {
      waiting.forEach(pending -> pending.request().cancel());
      collect();
      open.forEach(Permit::close);
    }
  }

  @Property
  void inNoWindowAreThereMorePermitsThanTheLimit(
      @ForAll("schedules") List<Step> steps,
      @ForAll @IntRange(min = 1, max = 6) int limit,
      @ForAll @IntRange(max = 4) int concurrent)
      throws InterruptedException {
    Run run = new Run(limit, concurrent);
    run.run(steps);
    run.advance(Duration.ofMinutes(4));
    run.given.sort(null);
    for (int i = limit; i < run.given.size(); i++) {
      assertThat(run.given.get(i).minus(run.given.get(i - limit))).isGreaterThanOrEqualTo(WINDOW);
    }
  }

  @Property
  void nothingLeaksWhateverIsCancelled(
      @ForAll("schedules") List<Step> steps,
      @ForAll @IntRange(max = 6) int limit,
      @ForAll @IntRange(min = 1, max = 4) int concurrent)
      throws InterruptedException {
    Run run = new Run(limit, concurrent);
    run.run(steps);
    run.finish();
    assertThat(run.admission.getActive()).isZero();
    assertThat(run.admission.getQueued()).isZero();
    run.time.advance(Duration.ofMinutes(3));
    assertThat(run.time.planned()).isZero();
    // The admission can be used as if it were new.
    for (int i = 0; i < concurrent && (limit == 0 || i < limit); i++) {
      assertThat(
              run.admission
                  .enter(
                      new AdmissionRequest(
                          new AdmissionRequest.Turn("", "z", false), Duration.ZERO))
                  .granted())
          .isTrue();
    }
  }

  @Property
  void roomIsNeverLeftUnusedWhileSomeoneWaits(
      @ForAll("schedules") List<Step> steps, @ForAll @IntRange(min = 1, max = 6) int limit)
      throws InterruptedException {
    Run run = new Run(limit, 0);
    for (Step step : steps) {
      run.run(List.of(step));
      if (run.admission.getQueued() > 0) {
        assertThat(run.admission.getWindowUsed()).isEqualTo(limit);
      }
    }
  }

  @Property
  void noSessionIsPassedOverTwice(
      @ForAll @IntRange(min = 1, max = 4) int concurrent,
      @ForAll @IntRange(min = 1, max = 30) int greedy)
      throws InterruptedException {
    Run run = new Run(0, concurrent);
    for (int i = 0; i < greedy; i++) {
      run.arrive(new AdmissionRequest(new AdmissionRequest.Turn("", "greedy", i % 2 == 0), null));
    }
    run.collect();
    run.arrive(new AdmissionRequest(new AdmissionRequest.Turn("", "modest", true), null));
    PendingRequest modest = run.waiting.get(run.waiting.size() - 1);
    for (int ended = 0; !modest.granted(); ended++) {
      assertThat(ended).isLessThanOrEqualTo(2);
      run.open.poll().close();
      run.collect();
    }
  }
}
