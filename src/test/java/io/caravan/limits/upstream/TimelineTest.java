package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final long WINDOW = 60;
  private final Timeline timeline = new Timeline();

  @Test
  void permitsOfTheSameInstantAreCountedEach() {
    timeline.add("a", 5);
    timeline.add("b", 5);
    assertThat(timeline.size()).isEqualTo(2);
  }

  @Test
  void aPermitThatIsAddedTwiceIsCountedOnce() {
    timeline.add("a", 5);
    timeline.add("a", 9);
    assertThat(timeline.entries()).containsExactly(new Timeline.Entry("a", 5));
  }

  @Test
  void permitsAddedLateAreInTheOrderOfTheirTimes() {
    timeline.add("c", 30);
    timeline.add("a", 10);
    timeline.add("b", 20);
    timeline.expire(10);
    assertThat(timeline.entries()).extracting(Timeline.Entry::id).containsExactly("b", "c");
    assertThat(timeline.contains("a")).isFalse();
    assertThat(timeline.remove("b")).isTrue();
    assertThat(timeline.remove("b")).isFalse();
    assertThat(timeline.size()).isEqualTo(1);
  }

  @Property
  void theWaitForAPlaceIsWhenItComesUpIfAllBeforeItAreTaken(
      @ForAll @Size(max = 30) List<@IntRange(max = 59) Integer> ages,
      @ForAll @IntRange(min = 1, max = 8) int limit,
      @ForAll @IntRange(min = 1, max = 30) int places) {
    // As many permits as the limit allows.
    List<Long> given = new ArrayList<>();
    ages.stream().sorted().limit(limit).forEach(age -> given.add(0, 1000L - age));
    Timeline timeline = new Timeline();
    given.forEach(at -> timeline.add("p" + timeline.size(), at));

    long now = 1000;
    for (int i = 0; i < places; i++) {
      now = Math.max(now, earliest(given, limit));
      given.add(now);
    }

    assertThat(timeline.waitFor(places, limit, WINDOW, 1000)).isEqualTo(now - 1000);
  }

  private static long earliest(List<Long> given, int limit) {
    return given.size() < limit ? 0 : given.get(given.size() - limit) + WINDOW;
  }

  @Property
  void whatHasExpiredTakesNoMemory(@ForAll @IntRange(min = 1, max = 500) int permits) {
    Timeline timeline = new Timeline();
    for (int i = 0; i < permits; i++) {
      timeline.add("p" + i, i);
      timeline.expire(i - 10L);
      assertThat(timeline.size()).isLessThanOrEqualTo(10);
    }
  }
}
