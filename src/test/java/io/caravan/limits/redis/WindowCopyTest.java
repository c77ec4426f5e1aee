package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WindowCopyTest {
  private static final long WINDOW = 60_000;

  private static WindowCopy copy(String me, int limit, String... replicas) {
    WindowCopy copy = new WindowCopy(me, limit, WINDOW, 2);
    for (String replica : replicas) {
      copy.replicaCame(replica);
    }
    return copy;
  }

  private static RedisReply reply(int room, Map<String, Integer> waiting, Map<String, Long> ages) {
    return new RedisReply("ok", 0, 0, room, waiting, ages);
  }

  @Test
  void aReplicaThatNeverSawRedisTakesTheGuessedShare() {
    WindowCopy copy = copy("a", 5);
    for (int i = 0; i < 2; i++) {
      assertThat(copy.forecastAlone(1, 0)).isZero();
      copy.givenAlone("a:" + i, 0);
    }
    assertThat(copy.forecastAlone(1, 0)).isEqualTo(WINDOW);
  }

  @Test
  void permitsGivenByRedisFreeTheirPlacesForAllReplicasTogether() {
    WindowCopy copy = copy("a", 4, "a", "b");
    for (int i = 0; i < 4; i++) {
      copy.given("x:" + i, i * 1000L);
    }
    // "a" is first in the order: the first free place is its own, the second is b's.
    assertThat(copy.forecastAlone(1, 10_000)).isEqualTo(50_000);
    copy.givenAlone("a:1", 60_000);
    copy.expire(60_000);
    assertThat(copy.forecastAlone(1, 60_000)).isEqualTo(2000);
  }

  @Property
  void aloneAllReplicasTogetherStayWithinTheLimit(
      @ForAll @IntRange(min = 1, max = 9) int limit,
      @ForAll @IntRange(min = 1, max = 4) int replicas,
      @ForAll @Size(max = 9) List<@IntRange(max = 59_999) Integer> ages,
      @ForAll @Size(max = 60) List<@IntRange(max = 20_000) Integer> pauses) {
    String[] names = {"a", "b", "c", "d"};
    List<WindowCopy> all = new ArrayList<>();
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      WindowCopy copy = copy(names[i], limit, Arrays.copyOf(names, replicas));
      ages.stream().sorted().limit(limit).forEach(age -> copy.given("r:" + copy.used(), -age));
      all.add(copy);
    }
    ages.stream().sorted().limit(limit).forEach(age -> given.add(0, (long) -age));

    long now = 0;
    for (int i = 0; i < pauses.size(); i++) {
      now += pauses.get(i);
      // Each replica takes all permits that it can get.
      for (WindowCopy copy : all) {
        copy.expire(now);
        while (copy.forecastAlone(1, now) == 0) {
          copy.givenAlone("p" + given.size(), now);
          given.add(now);
        }
      }
    }
    for (int i = limit; i < given.size(); i++) {
      assertThat(given.get(i) - given.get(i - limit)).isGreaterThanOrEqualTo(WINDOW);
    }
  }

  @Property
  void whatIsForecastAloneComesTrue(
      @ForAll @IntRange(min = 2, max = 9) int limit,
      @ForAll @IntRange(min = 1, max = 12) int places,
      @ForAll @Size(max = 9) List<@IntRange(max = 59_999) Integer> ages) {
    WindowCopy copy = copy("b", limit, "a", "b");
    ages.stream().sorted().limit(limit).forEach(age -> copy.given("r:" + copy.used(), -age));
    long forecast = copy.forecastAlone(places, 0);

    long now = 0;
    for (int i = 0; i < places; i++) {
      now += copy.forecastAlone(1, now);
      copy.expire(now);
      copy.givenAlone("b:" + i, now);
    }
    assertThat(now).isEqualTo(forecast);
  }

  @Test
  void othersThatWaitAreReckonedWith() {
    WindowCopy copy = copy("a", 2, "a");
    copy.given("x", 0);
    copy.given("y", 10_000);
    copy.update(reply(2, Map.of("a", 1, "b", 5), Map.of()));
    // The place of x goes to one of the two replicas, that of y to the other.
    assertThat(copy.forecast(1, 20_000)).isEqualTo(50_000);
  }

  @Test
  void itBringsItsCopyAndThePermitsItGaveAlone() {
    WindowCopy copy = copy("b", 5, "a", "b", "c");
    copy.given("a:1", 0);
    copy.givenAlone("b:1", 20_000);
    copy.expire(50_000);
    assertThat(copy.toBring(50_000)).containsExactly("2", "a:1", "50", "b:1", "30", "a", "c");
  }

  @Test
  void havingJoinedItHasTheWholeWindowOnce() {
    WindowCopy copy = copy("b", 9);
    copy.given("a:1", 40_000);
    copy.givenAlone("b:1", 45_000);
    copy.joined(reply(9, Map.of(), Map.of("a:1", 10L, "b:1", 5L, "c:1", 59L)), 50_000);
    assertThat(copy.used()).isEqualTo(3);
    copy.expire(51_000);
    assertThat(copy.used()).isEqualTo(2);
    assertThat(copy.takenBack("b:1")).isTrue();
  }

  @Test
  void moreRoomIsNoticed() {
    WindowCopy copy = copy("a", 4);
    assertThat(copy.update(reply(2, Map.of(), Map.of()))).isFalse();
    assertThat(copy.update(reply(4, Map.of(), Map.of()))).isTrue();
  }
}
