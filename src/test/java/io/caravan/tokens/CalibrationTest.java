package io.caravan.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {
  private static final String MODEL = "nim/z-ai/glm-5.3";

  private final Calibration calibration = new Calibration();

  @Test
  void leavesTheEstimateAloneBeforeItLearned() {
    assertThat(calibration.correct(10_000, "c1", MODEL)).isEqualTo(10_000);
    assertThat(calibration.correct(10_000, null, null)).isEqualTo(10_000);
  }

  @Test
  void beginsWithTheRatioOfTheModelCard() {
    assertThat(calibration.correct(10_000, "c1", MODEL, 1.25)).isEqualTo(12_500);
    calibration.learn(10_000, 11_000, null, MODEL);
    assertThat(calibration.correct(10_000, "c1", MODEL, 1.25)).isEqualTo(11_000);
  }

  @Test
  void takesTheLastRatioOfTheConversation() {
    calibration.learn(10_000, 11_000, "c1", MODEL);
    calibration.learn(20_000, 24_000, "c1", MODEL);

    assertThat(calibration.correct(30_000, "c1", MODEL)).isEqualTo(36_000);
  }

  @Test
  void takesTheModelsAverageForANewConversation() {
    calibration.setSmoothing(0.5);
    calibration.learn(10_000, 10_000, "c1", MODEL);
    calibration.learn(10_000, 12_000, "c2", MODEL);

    assertThat(calibration.correct(10_000, "c3", MODEL)).isEqualTo(11_000);
    assertThat(calibration.correct(10_000, null, MODEL)).isEqualTo(11_000);
  }

  @Test
  void learnsNothingForAnotherModel() {
    calibration.learn(10_000, 12_000, "c1", MODEL);

    assertThat(calibration.correct(10_000, "c1", "other/model")).isEqualTo(10_000);
  }

  @Test
  void roundsUp() {
    calibration.learn(1_000, 1_001, "c1", MODEL);

    assertThat(calibration.correct(10, "c1", MODEL)).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    "499, 600", // small samples are mostly framing
    "600, 499",
    "10000, -1",
    "10000, 0",
    "10000, 100001",
    "10000, 9223372036854775807"
  })
  void learnsNothingFromUsageThatSaysLittleOrIsNotBelievable(long estimate, long actual) {
    calibration.learn(estimate, actual, "c1", MODEL);

    assertThat(calibration.correct(10_000, "c1", MODEL)).isEqualTo(10_000);
  }

  @Test
  void learnsNothingFromMoreTokensThanTheWindowHas() {
    calibration.learn(120_000, 140_000, "c1", MODEL, 131_072);

    assertThat(calibration.correct(10_000, "c1", MODEL)).isEqualTo(10_000);
  }

  @Test
  void believesNothingNegativeOrOverTheWindowOrTenTimesTheEstimate() {
    assertThat(Calibration.believable(1_000, 10_000, 128_000)).isTrue();
    assertThat(Calibration.believable(1_000, 0, 128_000)).isTrue();
    assertThat(Calibration.believable(1_000, -1, 128_000)).isFalse();
    assertThat(Calibration.believable(1_000, 10_001, 128_000)).isFalse();
    assertThat(Calibration.believable(100_000, 128_001, 128_000)).isFalse();
    assertThat(Calibration.believable(0, 10, 128_000)).isTrue();
  }

  @Test
  void clampsRatiosThatNoVocabularyHas() {
    calibration.learn(10_000, 90_000, "c1", MODEL);
    assertThat(calibration.correct(10_000, "c1", MODEL)).isEqualTo(25_000);
    assertThat(calibration.correct(10_000, "c9", MODEL)).isEqualTo(25_000);

    calibration.learn(10_000, 600, "c1", "other/model");
    assertThat(calibration.correct(10_000, "c1", "other/model")).isEqualTo(5_000);
    assertThat(calibration.correct(10_000, "c1", "third/model", 100)).isEqualTo(25_000);
  }

  @Test
  void passesOverAnOutlier() {
    calibration.learn(10_000, 11_000, "c1", MODEL);
    calibration.learn(10_000, 40_000, "c1", MODEL);
    calibration.learn(10_000, 3_000, "c2", MODEL);

    assertThat(calibration.correct(10_000, "c1", MODEL)).isEqualTo(11_000);
    assertThat(calibration.correct(10_000, "c2", MODEL)).isEqualTo(11_000);
  }

  @Test
  void givesUpAnAverageThatFiveCallsInARowContradict() {
    calibration.learn(10_000, 80_000, "c1", MODEL);
    for (int call = 0; call < 5; call++) {
      calibration.learn(10_000, 8_000, "c2", MODEL);
    }

    assertThat(calibration.correct(10_000, "c3", MODEL)).isEqualTo(8_000);
  }

  @Test
  void settlesOnTheTruthFromManyCalls() {
    calibration.learn(10_000, 20_000, "c1", MODEL);
    for (int call = 0; call < 100; call++) {
      calibration.learn(10_000 + call, Math.round((10_000 + call) * 1.07), "c" + call, MODEL);
    }

    assertThat((double) calibration.correct(100_000, "new", MODEL))
        .isCloseTo(107_000, within(20.0));
  }

  @Property(tries = 300)
  void staysWithinTheClamps(
      @ForAll @LongRange(min = 0, max = 2_000_000) long estimate,
      @ForAll @LongRange(min = -10, max = 30_000_000) long actual) {
    Calibration fresh = new Calibration();
    fresh.learn(estimate, actual, "c", MODEL);

    assertThat(fresh.correct(10_000, "c", MODEL)).isBetween(5_000L, 25_000L);
  }

  @Property(tries = 50)
  void theNextTurnOfAConversationIsRightWhateverTheVocabulary(
      @ForAll @LongRange(min = 60, max = 200) long percent) {
    Calibration fresh = new Calibration();
    for (long raw = 1_000; raw < 100_000; raw += 5_000) {
      fresh.learn(raw, raw * percent / 100, "c", MODEL);
    }

    assertThat(fresh.correct(100_000, "c", MODEL)).isBetween(990 * percent, 1_010 * percent);
  }

  @Test
  void forgetsTheOldestConversationsWhenThereAreTooMany() {
    calibration.setMaxConversations(0);
    calibration.learn(10_000, 12_000, "c1", MODEL);
    calibration.learn(10_000, 10_000, "c2", MODEL);

    // No conversation is kept, so c1 uses the model's average: 1.2 + 0.15 × (1.0 − 1.2).
    assertThat((double) calibration.correct(10_000, "c1", MODEL)).isCloseTo(11_700, within(1.0));
  }

  @Test
  void learnsFromManyThreads() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String conversation = "c" + t;
      Thread thread =
          new Thread(
              () -> {
                for (int call = 0; call < 1_000; call++) {
                  calibration.learn(10_000, 12_000, conversation, MODEL);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(calibration.correct(10_000, "new", MODEL)).isBetween(12_000L, 12_001L);
    assertThat(calibration.correct(10_000, "c3", MODEL)).isEqualTo(12_000);
  }

  @Test
  void refusesASmoothingThatIsNone() {
    assertThatThrownBy(() -> calibration.setSmoothing(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> calibration.setSmoothing(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
