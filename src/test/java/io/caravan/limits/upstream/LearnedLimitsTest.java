package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.ManualTime;
import io.caravan.limits.upstream.LearnedLimits.Refusal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnedLimitsTest {
  private static final String GLM = "nim/z-ai/glm-5.3";
  private static final Refusal MUTE = new Refusal(null, null, null);

  private final ManualTime time = new ManualTime();
  private final LearnedLimits limits = new LearnedLimits();

  /** The calls that the upstream has accepted in its window. */
  private final Deque<Duration> accepted = new ArrayDeque<>();

  private final List<Duration> refusals = new ArrayList<>();
  private int served;

  LearnedLimitsTest() {
    limits.setTime(time);
  }

  private void seconds(long seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  /** Makes a call if it may be made; the upstream accepts so many in any such time. */
  private void call(int most, Duration window, boolean says) {
    LearnedLimits.Place place = limits.enter(GLM);
    if (place == null) {
      return;
    }
    place.sent();
    Duration now = time.elapsed();
    accepted.removeIf(at -> now.minus(at).compareTo(window) >= 0);
    if (accepted.size() < most) {
      accepted.add(now);
      served++;
      return;
    }
    refusals.add(now);
    Duration again = accepted.peekFirst().plus(window).minus(now);
    place.refused(says ? new Refusal(again, null, null) : MUTE);
  }

  private void callEachSecond(int seconds, int most, Duration window, boolean says) {
    for (int i = 0; i < seconds; i++) {
      call(most, window, says);
      seconds(1);
    }
  }

  @Test
  void afterOneRefusalThereIsNoFurtherInTheSamePattern() {
    callEachSecond(590, 10, Duration.ofMinutes(1), false);

    assertThat(refusals).containsExactly(Duration.ofSeconds(10));
    // Nine windows and the first, each a second longer than a minute.
    assertThat(served).isGreaterThanOrEqualTo(90);
    assertThat(limits.all())
        .singleElement()
        .satisfies(
            limit -> {
              assertThat(limit.target()).isEqualTo(GLM);
              assertThat(limit.calls()).isEqualTo(10);
              assertThat(limit.window()).isEqualTo(Duration.ofMinutes(1));
            });
  }

  @ParameterizedTest
  @CsvSource({"3,300", "7,3600", "4,18000"})
  void aWindowOfAnyLengthIsLearnedOfItsRetryAfter(int most, int window) {
    callEachSecond(4 * window, most, Duration.ofSeconds(window), true);

    assertThat(refusals).hasSize(1);
    assertThat(served).isGreaterThanOrEqualTo(3 * most);
  }

  @Test
  void aLongerWindowThanThoughtIsFoundByTheNextRefusal() {
    callEachSecond(3600, 5, Duration.ofMinutes(5), false);

    assertThat(refusals).hasSize(2);
    assertThat(limits.all().get(0).window()).isEqualTo(Duration.ofMinutes(5));
    assertThat(served).isGreaterThan(45);
    // It was learned once, and corrected: the next time is the second.
    seconds(7200);
    callEachSecond(20, 5, Duration.ofMinutes(5), false);
    assertThat(refusals).hasSize(3);
    assertThat(limits.all().get(0).left())
        .isBetween(Duration.ofHours(1).plusMinutes(59), Duration.ofHours(2));
  }

  /** Makes so many calls at once, each of which is sent. */
  private LearnedLimits.Place sent(int times) {
    LearnedLimits.Place place = null;
    for (int i = 0; i < times; i++) {
      place = limits.enter(GLM);
      place.sent();
    }
    return place;
  }

  private LearnedLimits.Status only() {
    assertThat(limits.all()).hasSize(1);
    return limits.all().get(0);
  }

  @Test
  void callsThatAreNotSentAreNotAccepted() {
    LearnedLimits.Place last = sent(11);
    limits.enter(GLM);
    limits.enter(GLM);

    last.refused(MUTE);

    assertThat(limits.calls(GLM)).isEqualTo(10);
  }

  @Test
  void callsThatWereOnTheirWayRaiseNoLimit() {
    LearnedLimits.Place refused = sent(11);
    List<LearnedLimits.Place> late = List.of(limits.enter(GLM), limits.enter(GLM));
    refused.refused(MUTE);
    late.forEach(LearnedLimits.Place::sent);

    late.get(1).refused(MUTE);

    assertThat(limits.calls(GLM)).isEqualTo(10);
  }

  @Test
  void aCallOfAWindowAgoIsNotInIt() {
    sent(6);
    seconds(60);

    sent(7).refused(MUTE);

    assertThat(limits.calls(GLM)).isEqualTo(6);
  }

  @Test
  void showsTheCallsOfThePresentWindow() {
    sent(11).refused(MUTE);
    assertThat(only().used()).isEqualTo(10);
    seconds(61);
    sent(3);

    assertThat(only().used()).isEqualTo(3);
    assertThat(only().again()).isZero();
  }

  @Test
  void aRefusalPausesForAnHourAtMost() {
    sent(1).refused(new Refusal(Duration.ofHours(5), null, null));

    assertThat(limits.remaining(GLM)).isEqualTo(Duration.ofHours(1));
    assertThat(only().calls()).as("one call shows no limit").isZero();
  }

  @Test
  void theLongerOfTwoPausesHolds() {
    LearnedLimits.Place place = limits.enter(GLM);
    place.pause(Duration.ofSeconds(20));
    place.pause(Duration.ofSeconds(5));

    assertThat(limits.remaining(GLM)).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void aRefusalAfterASilentMinuteIsOfALongerWindow() {
    sent(7);
    seconds(120);

    sent(1).refused(MUTE);

    assertThat(only().calls()).isEqualTo(7);
    assertThat(only().window()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void noWindowOfAnHourIsGuessedOfAMuteRefusal() {
    sent(7);
    seconds(600);

    sent(1).refused(MUTE);

    assertThat(limits.all()).isEmpty();
  }

  @Test
  void aWindowThatARefusalNamesIsTakenAsItIs() {
    sent(7);
    seconds(120);

    sent(1).refused(new Refusal(null, null, Duration.ofMinutes(1)));
    assertThat(limits.all()).as("no call was accepted in that minute").isEmpty();

    sent(4).refused(new Refusal(null, null, Duration.ofMinutes(1)));
    assertThat(only().window()).isEqualTo(Duration.ofMinutes(1));
    assertThat(only().calls()).isEqualTo(3);
  }

  @Test
  void noWindowOfADayIsGuessedAndNoneIsKeptForLonger() {
    sent(7).refused(new Refusal(Duration.ofHours(4), null, null));
    assertThat(only().window()).isEqualTo(Duration.ofHours(5));
    assertThat(only().left())
        .as("five windows, but no more than a day")
        .isEqualTo(Duration.ofDays(1));
    seconds(5 * 3600 + 1);

    sent(4).refused(new Refusal(Duration.ofMinutes(1), null, null));

    assertThat(only().window()).isEqualTo(Duration.ofHours(5));
  }

  @Test
  void refusalsOfOneBurstCountAsOne() {
    List<LearnedLimits.Place> places = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      places.add(limits.enter(GLM));
      places.get(i).sent();
    }
    for (int i = 40; i < 45; i++) {
      places.get(i).refused(MUTE);
    }

    assertThat(limits.calls(GLM)).isEqualTo(40);
    assertThat(limits.all().get(0).window()).isEqualTo(Duration.ofMinutes(1));
    assertThat(limits.enter(GLM)).isNull();
    assertThat(limits.remaining(GLM)).isEqualTo(Duration.ofMillis(60_500));
    assertThat(limits.all().get(0).left()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void isTriedAgainAfterTenMinutesTwoHoursAndADay() {
    callEachSecond(600 + 50, 10, Duration.ofMinutes(1), false);
    assertThat(refusals).hasSize(2);
    callEachSecond(7100, 10, Duration.ofMinutes(1), false);
    assertThat(refusals).hasSize(2);
    callEachSecond(250, 10, Duration.ofMinutes(1), false);
    assertThat(refusals).hasSize(3);
    callEachSecond(86_000, 10, Duration.ofMinutes(1), false);
    assertThat(refusals).hasSize(3);
  }

  @Test
  void isForgottenOnceTheUpstreamTakesMore() {
    callEachSecond(20, 10, Duration.ofMinutes(1), false);
    seconds(600);

    assertThat(limits.all()).isEmpty();
    callEachSecond(100, 1000, Duration.ofMinutes(1), false);
    assertThat(served).isEqualTo(110);
  }

  @Test
  void takesTheNumbersThatARefusalNames() {
    LearnedLimits.Place place = limits.enter(GLM);
    place.sent();
    place.refused(new Refusal(Duration.ofSeconds(9), 30, Duration.ofHours(1)));

    assertThat(limits.all().get(0).calls()).isEqualTo(30);
    assertThat(limits.all().get(0).window()).isEqualTo(Duration.ofHours(1));
    assertThat(limits.remaining(GLM)).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void callsThatTheFirstRefusalNamesAreOfTheShortestWindow() {
    sent(1).refused(new Refusal(Duration.ofSeconds(20), 30, null));

    assertThat(only().calls()).isEqualTo(30);
    assertThat(only().window()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aRefusalAfterAHandfulOfCallsTeachesNothing() {
    callEachSecond(4, 10, Duration.ofMinutes(1), false);
    LearnedLimits.Place place = limits.enter(GLM);
    place.sent();

    assertThat(place.refused(MUTE)).isFalse();
    assertThat(limits.all()).isEmpty();
    assertThat(limits.remaining(GLM)).isZero();
  }

  @Test
  void pausesAsLongAsHeadersSayButNotForDays() {
    limits.enter(GLM).pause(Duration.ofSeconds(20));
    assertThat(limits.enter(GLM)).isNull();
    assertThat(limits.enter("nim/other")).isNotNull();
    assertThat(limits.all().get(0).again()).isEqualTo(Duration.ofSeconds(20));
    seconds(20);
    assertThat(limits.all()).isEmpty();

    limits.enter(GLM).pause(Duration.ofDays(1));
    assertThat(limits.remaining(GLM)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aPlaceThatIsGivenBackIsFree() {
    callEachSecond(11, 10, Duration.ofMinutes(1), false);
    seconds(50);
    LearnedLimits.Place place = limits.enter(GLM);
    assertThat(place).isNotNull();
    assertThat(limits.enter(GLM)).isNull();

    place.giveBack();

    assertThat(limits.enter(GLM)).isNotNull();
  }

  @Test
  void countsACallFromWhenItIsSent() {
    callEachSecond(11, 10, Duration.ofMinutes(1), false);
    seconds(100);
    List<LearnedLimits.Place> places = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      places.add(limits.enter(GLM));
    }
    seconds(30);
    places.forEach(LearnedLimits.Place::sent);

    assertThat(limits.remaining(GLM)).isEqualTo(Duration.ofMillis(60_500));
  }

  @Test
  void learnsNothingIfItIsOff() {
    limits.setEnabled(false);

    callEachSecond(60, 10, Duration.ofMinutes(1), true);

    assertThat(refusals).hasSize(50);
  }

  @Test
  void forgetsOnRequest() {
    callEachSecond(20, 10, Duration.ofMinutes(1), false);
    assertThat(limits.forget()).isEqualTo(1);
    assertThat(limits.remaining(GLM)).isZero();
  }
}
