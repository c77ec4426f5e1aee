package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static RetryBudget budget(double random) {
    RetryBudget budget = new RetryBudget();
    budget.setRandom(() -> random);
    return budget;
  }

  private static Optional<Duration> delay(
      double random, int attempt, long elapsed, Long retryAfter) {
    return budget(random)
        .nextDelay(
            attempt,
            Duration.ofMillis(elapsed),
            retryAfter == null ? null : Duration.ofMillis(retryAfter));
  }

  @Test
  void threeAttemptsAreMade() {
    assertThat(delay(0.5, 1, 0, null)).isPresent();
    assertThat(delay(0.5, 2, 0, null)).isPresent();
    assertThat(delay(0.5, 3, 0, null)).isEmpty();
  }

  @Test
  void delaysDoubleAndAreAnyPartOfThemselves() {
    assertThat(delay(1, 1, 0, null)).contains(Duration.ofMillis(500));
    assertThat(delay(1, 2, 0, null)).contains(Duration.ofSeconds(1));
    assertThat(delay(0.25, 2, 0, null)).contains(Duration.ofMillis(250));
    assertThat(delay(0, 1, 0, null)).contains(Duration.ZERO);
  }

  @Test
  void theDoublingEnds() {
    RetryBudget budget = budget(1);
    budget.setMaxAttempts(100);
    assertThat(budget.nextDelay(99, Duration.ZERO, null)).contains(Duration.ofSeconds(4));
  }

  @Test
  void theDelayIsNeverShorterThanRetryAfterAndThoseWhoGotTheSameAreSpread() {
    assertThat(delay(0, 1, 0, 2000L)).contains(Duration.ofSeconds(2));
    assertThat(delay(1, 1, 0, 2000L)).contains(Duration.ofMillis(2200));
    assertThat(delay(1, 1, 0, 100L)).contains(Duration.ofMillis(500));
  }

  @Test
  void aRetryAfterThatIsLongerThanTheRestOfTheBudgetIsNotWaitedFor() {
    assertThat(delay(0, 1, 3000, 5000L)).contains(Duration.ofSeconds(5));
    assertThat(delay(0, 1, 3001, 5000L)).isEmpty();
  }

  @Test
  void whenTheTimeIsUpThereIsNoFurtherAttempt() {
    assertThat(delay(1, 1, 7900, null)).contains(Duration.ofMillis(100));
    assertThat(delay(1, 1, 8000, null)).isEmpty();
    assertThat(delay(1, 1, 9000, null)).isEmpty();
  }

  @Property
  void noAttemptBeginsAfterTheBudgetOrBeforeRetryAfter(
      @ForAll @DoubleRange(max = 1) double random,
      @ForAll @IntRange(min = 1, max = 5) int attempt,
      @ForAll @IntRange(max = 12_000) int elapsed,
      @ForAll @IntRange(max = 12_000) int retryAfter) {
    delay(random, attempt, elapsed, (long) retryAfter)
        .ifPresent(
            delay ->
                assertThat(delay)
                    .isBetween(Duration.ofMillis(retryAfter), Duration.ofMillis(8000L - elapsed)));
  }
}
