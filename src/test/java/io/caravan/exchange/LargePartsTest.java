package io.caravan.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LargePartsTest {
  private static final int MIB = 1024 * 1024;

  private final LargeParts parts = new LargeParts(8 * MIB, Duration.ZERO);
  private final LargeParts.Share one = parts.share();
  private final LargeParts.Share other = parts.share();

  @Test
  void oneStreamMayHoldMoreThanThereIsRoomFor() {
    assertThat(one.hold(3 * MIB)).isTrue();
    assertThat(one.hold(16 * MIB)).isTrue();
  }

  @Test
  void aSecondFindsNoRoomBeyondTheLimit() {
    assertThat(one.hold(3 * MIB)).isTrue();
    assertThat(other.hold(MIB / 2)).isFalse();
  }

  @Test
  void thereIsRoomAgainOnceThePartIsWritten() {
    assertThat(one.hold(3 * MIB)).isTrue();
    assertThat(one.hold(0)).isTrue();
    assertThat(other.hold(3 * MIB)).isTrue();
  }

  @Test
  void thereIsRoomAgainOnceTheStreamIsClosed() {
    assertThat(one.hold(3 * MIB)).isTrue();
    one.close();
    assertThat(other.hold(3 * MIB)).isTrue();
  }

  @Test
  void aClosedStreamHoldsNothing() {
    one.close();
    assertThat(one.hold(3 * MIB)).isTrue();
    assertThat(other.hold(3 * MIB)).isTrue();
    assertThat(one.hold(MIB)).isTrue();
  }

  @Test
  void smallPartsAreNotCounted() {
    assertThat(one.hold(3 * MIB)).isTrue();
    assertThat(other.hold(LargeParts.LARGE)).isTrue();
  }

  @Test
  void whatFitsBesideTheOthersNeedsNoTurn() {
    assertThat(one.hold(MIB)).isTrue();
    assertThat(other.hold(MIB)).isTrue();
    assertThat(one.hold(2 * MIB)).isTrue();
    assertThat(other.hold(2 * MIB)).isFalse();
  }
}
