package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.ManualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusedKeysTest {
  private final ManualTime time = new ManualTime();
  private final RefusedKeys<String> keys = new RefusedKeys<>();

  RefusedKeysTest() {
    keys.setTime(time);
  }

  @Test
  void aKeyIsTriedAgainAfterTenMinutesThenAfterTwenty() {
    assertThat(keys.refused("a", "HTTP 401")).isEqualTo(Duration.ofMinutes(10));
    assertThat(keys.remaining("b")).isZero();
    time.advance(Duration.ofMinutes(9));
    assertThat(keys.all())
        .isEqualTo(Map.of("a", new RefusedKeys.Status("HTTP 401", Duration.ofMinutes(1))));
    time.advance(Duration.ofMinutes(1));
    assertThat(keys.remaining("a")).isZero();
    assertThat(keys.all()).isEmpty();

    assertThat(keys.refused("a", "HTTP 401")).isEqualTo(Duration.ofMinutes(20));
  }

  @Test
  void callsThatAreRefusedTogetherCountOnce() {
    keys.refused("a", "HTTP 401");
    assertThat(keys.refused("a", "HTTP 401")).isZero();
    assertThat(keys.remaining("a")).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aSuccessEndsTheDoubling() {
    keys.refused("a", "HTTP 402");
    time.advance(Duration.ofMinutes(10));
    keys.succeeded("a");
    assertThat(keys.refused("a", "HTTP 402")).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void noKeyIsLeftForMoreThanADay() {
    for (int i = 0; i < 20; i++) {
      keys.refused("a", "HTTP 401");
      time.advance(keys.remaining("a"));
    }
    assertThat(keys.refused("a", "HTTP 401")).isEqualTo(Duration.ofDays(1));
    assertThat(keys.forget()).isEqualTo(1);
    assertThat(keys.remaining("a")).isZero();
  }
}
