package io.caravan.scout;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.scout.Fault.Kind;
import io.caravan.scout.Observation.ToolCall;
import io.caravan.scout.Result.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the pace of a run, and what follows from a limit, by a clock that only sleep moves. */
class ScoutingTest {
  private final List<Long> calls = new ArrayList<>();
  private final FakeTimer timer = new FakeTimer();

  private static final class FakeTimer implements Pace.Timer {
    long now = 1_000_000;

    @Override
    public long millis() {
      return now;
    }

    @Override
    public void sleep(long millis) {
      assertThat(millis).isPositive();
      now += millis;
    }
  }

  private static final Scouting.Watcher NOBODY =
      new Scouting.Watcher() {
        @Override
        public void called(String model) {}

        @Override
        public void tried(Result result) {}
      };

  private Observation seen(int number, Check check) {
    for (int i = 0; i < number; i++) {
      calls.add(timer.now);
    }
    timer.now += 200;
    String text =
        switch (check) {
          case TEXT -> "one seven twenty";
          case RESULT -> "bittern";
          case THINKING -> "21";
          default -> "";
        };
    List<ToolCall> tools =
        List.of(new ToolCall("Grep", Map.of("pattern", "heron", "type", "java")));
    return new Observation(number, null, text, true, tools, 100, 50, List.of());
  }

  private Observation failed(Kind kind, Duration pause) {
    calls.add(timer.now);
    return Observation.failed(1, new Fault(kind, "no", pause));
  }

  private List<Result> run(Probe probe, Pace pace, int models) throws Exception {
    List<String> ids = IntStream.range(0, models).mapToObj(i -> "model-" + i).toList();
    return new Scouting(probe, pace, timer, result -> result, NOBODY).run(ids);
  }

  private void assertAtMostInAMinute(int most) {
    for (long begin : calls) {
      assertThat(calls.stream().filter(call -> call >= begin && call < begin + 60_000))
          .hasSizeLessThanOrEqualTo(most);
    }
  }

  @Test
  void leavesHalfOfTheFortyAMinuteToLiveTraffic() throws Exception {
    Probe probe =
        (model, check) ->
            model.endsWith("3") || model.endsWith("7") || model.endsWith("9")
                ? seen(check == Check.TOOL ? 3 : 1, check)
                : failed(Kind.MODEL, Duration.ZERO);

    List<Result> results = run(probe, new Pace(40, timer), 102);

    assertThat(results.stream().filter(result -> result.verdict() == Verdict.WORKS)).hasSize(30);
    assertThat(calls).hasSize(72 + 30 * 7);
    assertAtMostInAMinute(20);
    assertThat(Duration.ofMillis(timer.now - 1_000_000)).isLessThan(Duration.ofMinutes(18));
  }

  @Test
  void countsTheCallsOfARunThatWasKilled() throws Exception {
    Pace pace = new Pace(40, timer);
    List<Long> before = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      before.add(timer.now - 5_000);
    }
    pace.made(before);
    long start = timer.now;

    run((model, check) -> failed(Kind.MODEL, Duration.ZERO), pace, 1);

    assertThat(calls.get(0)).isEqualTo(start + 55_000);
  }

  @Test
  void keepsThePaceOfASmallAccountToo() throws Exception {
    run((model, check) -> failed(Kind.MODEL, Duration.ZERO), new Pace(2, timer), 10);
    assertAtMostInAMinute(3);
    assertThat(calls).hasSize(10);
  }

  @Test
  void waitsAsLongAsALimitSaysAndAsksAgain() throws Exception {
    Probe probe =
        (model, check) ->
            calls.isEmpty() ? failed(Kind.LIMITED, Duration.ofSeconds(7)) : seen(1, check);

    List<Result> results = run(probe, new Pace(40, timer), 1);

    assertThat(results.get(0).verdict()).isEqualTo(Verdict.WORKS);
    assertThat(calls.get(1) - calls.get(0)).isEqualTo(7_000);
  }

  @Test
  void doesNotWaitForALimitOfHours() throws Exception {
    List<Result> results =
        run((model, check) -> failed(Kind.LIMITED, Duration.ofHours(5)), new Pace(40, timer), 1);

    assertThat(results.get(0).verdict()).isEqualTo(Verdict.LIMITED);
    assertThat(calls).hasSize(1);
  }

  @Test
  void aModelThatStaysLimitedIsLeft() throws Exception {
    List<Result> results =
        run((model, check) -> failed(Kind.LIMITED, Duration.ZERO), new Pace(40, timer), 1);

    assertThat(results.get(0).verdict()).isEqualTo(Verdict.LIMITED);
    assertThat(calls).hasSize(4);
  }
}
