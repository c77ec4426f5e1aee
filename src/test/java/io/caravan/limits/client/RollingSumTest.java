package io.caravan.limits.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

class RollingSumTest {
  private static final long WINDOW = 60_000;
  private static final long STEP = 250;

  record Charge(long after, long amount) {}

  @Provide
  Arbitrary<List<Charge>> charges() {
    Arbitrary<Long> after =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.longs().between(0, 3)),
            Tuple.of(4, Arbitraries.longs().between(0, 5_000)),
            Tuple.of(1, Arbitraries.longs().between(0, 200_000)));
    return Combinators.combine(after, Arbitraries.longs().between(0, 100))
        .as(Charge::new)
        .list()
        .ofMaxSize(60);
  }

  private static long exact(List<long[]> charged, long now, long window) {
    return charged.stream().filter(c -> now - c[0] < window).mapToLong(c -> c[1]).sum();
  }

  @Property
  void itCountsAllOfTheWindowAndLittleBeforeIt(@ForAll("charges") List<Charge> charges) {
    long now = 0;
    RollingSum sum = new RollingSum(WINDOW, now);
    List<long[]> charged = new ArrayList<>();
    for (Charge charge : charges) {
      now += charge.after();
      sum.add(charge.amount(), now);
      charged.add(new long[] {now, charge.amount()});
      assertThat(sum.sum(now))
          .isBetween(exact(charged, now, WINDOW), exact(charged, now, WINDOW + STEP));
    }
  }

  @Property
  void anAmountFitsWhenItsWaitIsOverAndNotBefore(
      @ForAll("charges") List<Charge> charges, @ForAll @IntRange(min = 100, max = 500) int limit) {
    long now = 0;
    RollingSum sum = new RollingSum(WINDOW, now);
    for (Charge charge : charges) {
      now += charge.after();
      long wait = sum.waitFor(charge.amount(), limit, now);
      if (wait > 0) {
        assertThat(sum.sum(now + wait - 1) + charge.amount()).isGreaterThan(limit);
        now += wait;
      }
      assertThat(sum.sum(now) + charge.amount()).isLessThanOrEqualTo(limit);
      sum.add(charge.amount(), now);
    }
  }

  @Property
  void aCorrectionCountsWhereItsAmountWasCounted(
      @ForAll @IntRange(max = 100_000) int start, @ForAll @IntRange(max = 100_000) int later) {
    RollingSum sum = new RollingSum(WINDOW, 0);
    long step = sum.add(100, start);
    sum.add(7, start + later);
    sum.correct(step, -40, start + later);
    long left = sum.sum(start + later) - 7;
    assertThat(left).isEqualTo(later < WINDOW ? 60 : later >= WINDOW + STEP ? 0 : left);
    assertThat(left).isIn(0L, 60L);
    assertThat(sum.sum(start + later + WINDOW + STEP)).isZero();
  }
}
