package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CircuitsTest {
  private static final String GLM = "nim/z-ai/glm-5.3";
  private static final Duration OPEN_FOR = Duration.ofSeconds(15);

  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));
  private final Circuits circuits = new Circuits();

  CircuitsTest() {
    circuits.setTime(time);
    circuits.setOpenFor(OPEN_FOR);
  }

  private void fails(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(circuits.enter(GLM)).isZero();
      circuits.failed(GLM, new IllegalStateException("down"));
    }
  }

  @Test
  void aModelThatKeepsFailingIsNotCalledForAWhile() {
    fails(5);

    assertThat(circuits.state(GLM)).isEqualTo(Circuits.State.OPEN);
    time.advance(Duration.ofSeconds(5));
    assertThat(circuits.enter(GLM)).isEqualTo(Duration.ofSeconds(10));
    assertThat(circuits.remaining(GLM)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aClockThatIsSetOpensAndClosesNothing() {
    fails(5);

    time.setWall(Instant.parse("2026-02-01T12:00:00Z"));
    assertThat(circuits.remaining(GLM)).isEqualTo(OPEN_FOR);
    time.setWall(Instant.parse("2026-04-01T12:00:00Z"));
    assertThat(circuits.enter(GLM)).isEqualTo(OPEN_FOR);
    time.advance(OPEN_FOR.plusMillis(1));
    assertThat(circuits.enter(GLM)).isZero();
  }

  @Test
  void fewFailuresSayNothing() {
    fails(4);

    assertThat(circuits.enter(GLM)).isZero();
    assertThat(circuits.state(GLM)).isEqualTo(Circuits.State.CLOSED);
  }

  @Test
  void otherModelsOfTheProviderAreNotConcerned() {
    fails(5);

    assertThat(circuits.enter("nim/moonshotai/kimi-k2.6")).isZero();
  }

  @Test
  void whatIsReleasedDoesNotCount() {
    for (int i = 0; i < 50; i++) {
      assertThat(circuits.enter(GLM)).isZero();
      circuits.released(GLM);
    }
    assertThat(circuits.state(GLM)).isEqualTo(Circuits.State.CLOSED);
  }

  @Test
  void afterAWhileAFewProbesAreLetThroughAndTheOthersHaveToWait() {
    fails(5);
    time.advance(OPEN_FOR.plusMillis(1));

    assertThat(circuits.enter(GLM)).isZero();
    assertThat(circuits.enter(GLM)).isZero();
    assertThat(circuits.state(GLM)).isEqualTo(Circuits.State.HALF_OPEN);
    assertThat(circuits.enter(GLM)).isPositive();
  }

  @Test
  void probesThatSucceedCloseTheCircuit() {
    fails(5);
    time.advance(OPEN_FOR.plusMillis(1));
    for (int i = 0; i < 2; i++) {
      assertThat(circuits.enter(GLM)).isZero();
      circuits.succeeded(GLM);
    }
    assertThat(circuits.state(GLM)).isEqualTo(Circuits.State.CLOSED);
  }

  @Test
  void probesThatFailOpenItAgain() {
    fails(5);
    time.advance(OPEN_FOR.plusMillis(1));
    fails(2);
    assertThat(circuits.enter(GLM)).isEqualTo(OPEN_FOR);
  }

  @Test
  void aProbeWhoseClientLeftMakesRoomForAnother() {
    fails(5);
    time.advance(OPEN_FOR.plusMillis(1));
    for (int i = 0; i < 10; i++) {
      assertThat(circuits.enter(GLM)).isZero();
      circuits.released(GLM);
    }
    assertThat(circuits.state(GLM)).isEqualTo(Circuits.State.HALF_OPEN);
  }
}
