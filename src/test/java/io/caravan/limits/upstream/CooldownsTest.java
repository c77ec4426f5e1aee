package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CooldownsTest {
  private static final String GLM = "nim/z-ai/glm-5.3";
  private final ManualTime time = new ManualTime();
  private final Cooldowns cooldowns = new Cooldowns();

  CooldownsTest() {
    cooldowns.setTime(time);
  }

  private void fails(int times) {
    for (int i = 0; i < times; i++) {
      cooldowns.failed(GLM, null);
    }
  }

  @Test
  void aModelIsLeftAloneAsLongAsItsRetryAfterSays() {
    cooldowns.failed(GLM, Duration.ofSeconds(30));
    assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofSeconds(30));
    time.advance(Duration.ofSeconds(29));
    assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(1));
    assertThat(cooldowns.remaining(GLM)).isZero();
  }

  @Test
  void otherModelsOfTheProviderAreNotConcerned() {
    cooldowns.failed(GLM, Duration.ofSeconds(30));
    assertThat(cooldowns.remaining("nim/moonshotai/kimi-k2")).isZero();
  }

  @Test
  void aShorterRetryAfterDoesNotTakeBackALongerOne() {
    cooldowns.failed(GLM, Duration.ofSeconds(30));
    cooldowns.failed(GLM, Duration.ofSeconds(2));
    assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void anAbsurdRetryAfterIsCutOff() {
    cooldowns.failed(GLM, Duration.ofDays(300_000));
    assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aFailureOrTwoAreNoReasonButThreeInARowAre() {
    fails(2);
    assertThat(cooldowns.remaining(GLM)).isZero();
    fails(1);
    assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aSuccessBetweenThemEndsTheRow() {
    fails(2);
    cooldowns.succeeded(GLM);
    fails(2);
    assertThat(cooldowns.remaining(GLM)).isZero();
  }

  @Test
  void eachFurtherFailureDoublesTheCooldownUpToTheLongest() {
    fails(3);
    for (int seconds : new int[] {5, 10, 20, 40, 80, 160, 300, 300}) {
      assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofSeconds(seconds));
      time.advance(Duration.ofSeconds(seconds));
      assertThat(cooldowns.remaining(GLM)).isZero();
      fails(1);
    }
  }

  @Test
  void callsThatFailTogetherCountOnce() {
    fails(50);
    assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aSuccessDoesNotTakeBackWhatTheUpstreamAskedFor() {
    cooldowns.failed(GLM, Duration.ofSeconds(30));
    cooldowns.succeeded(GLM);
    assertThat(cooldowns.remaining(GLM)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void failuresFarApartAreForgotten() {
    fails(2);
    time.advance(Duration.ofMinutes(11));
    fails(1);
    assertThat(cooldowns.remaining(GLM)).isZero();
  }

  @Test
  void itsMemoryIsBounded() {
    cooldowns.setMaxEntries(100);
    for (int i = 0; i < 10_000; i++) {
      cooldowns.failed("nim/model-" + i, Duration.ofMinutes(1));
    }
    assertThat(cooldowns.getSize()).isLessThanOrEqualTo(100);
  }
}
