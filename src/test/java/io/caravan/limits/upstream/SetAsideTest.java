package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SetAsideTest {
  private static final String GONE = "nim/deepseek-ai/deepseek-v4-pro";
  private static final Duration HOUR = Duration.ofHours(1);
  private final ManualTime time = new ManualTime();
  private final SetAside setAside = new SetAside();

  SetAsideTest() {
    setAside.setTime(time);
  }

  @Test
  void aModelThatIsGoneIsNotCalledForItsTime() {
    assertThat(setAside.add(GONE, "gone", HOUR)).isEqualTo(HOUR);

    time.advance(HOUR.minusSeconds(1));
    assertThat(setAside.mayCall(GONE)).isFalse();
    assertThat(setAside.reason(GONE)).isEqualTo("gone");
    assertThat(setAside.mayCall("nim/another")).isTrue();
  }

  @Test
  void oneRequestTriesItAgainAndTheOthersGoOnWithoutIt() {
    setAside.add(GONE, "gone", HOUR);
    time.advance(HOUR);

    assertThat(setAside.reason(GONE)).isNull();
    assertThat(setAside.mayCall(GONE)).isTrue();
    assertThat(setAside.mayCall(GONE)).isFalse();
    assertThat(setAside.reason(GONE)).isEqualTo("gone");
    time.advance(Duration.ofSeconds(30));
    assertThat(setAside.mayCall(GONE)).as("the trial never ended").isTrue();
  }

  @Test
  void aTrialThatFailsDoublesTheTimeUpToTheLongest() {
    setAside.setLongest(Duration.ofHours(3));
    setAside.add(GONE, "gone", HOUR);
    for (int hours : new int[] {2, 3, 3}) {
      time.advance(Duration.ofHours(3));
      assertThat(setAside.mayCall(GONE)).isTrue();
      assertThat(setAside.add(GONE, "gone", HOUR)).isEqualTo(Duration.ofHours(hours));
    }
  }

  @Test
  void callsThatBeganAtTheSameTimeCountOnce() {
    setAside.add(GONE, "gone", HOUR);

    assertThat(setAside.add(GONE, "gone", HOUR)).isZero();
    time.advance(HOUR);
    assertThat(setAside.mayCall(GONE)).isTrue();
  }

  @Test
  void aSuccessBringsItBack() {
    setAside.add(GONE, "gone", HOUR);
    setAside.succeeded(GONE);

    assertThat(setAside.mayCall(GONE)).isTrue();
    assertThat(setAside.add(GONE, "gone", HOUR)).isEqualTo(HOUR);
  }
}
