package io.caravan.limits.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.caravan.limits.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientLimitsTest {
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T22:30:00Z"));
  private final ClientLimits limits = limits("");

  private ClientLimits limits(String file) {
    ClientLimits limits = new ClientLimits();
    limits.setTime(time, time);
    limits.setUsageFile(file);
    return limits;
  }

  private static Client client(int rpm, long tpm, long daily) {
    return new Client("ann", rpm, tpm, daily, List.of());
  }

  private ClientRefused refusal(Client client, long tokens) {
    return catchThrowableOfType(ClientRefused.class, () -> limits.check(client, tokens, 0));
  }

  @Test
  void requestsAMinuteAreCounted() {
    Client client = client(2, 0, 0);
    limits.check(client, 10, 0);
    time.advance(Duration.ofSeconds(20));
    limits.check(client, 10, 0);

    ClientRefused refused = refusal(client, 10);
    assertThat(refused.reason()).isEqualTo(ClientRefused.Reason.REQUESTS);
    assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(40), Duration.ofMillis(40_250));
    assertThat(refused).hasMessage("This key's limit of 2 requests a minute is reached");

    time.advance(refused.retryAfter());
    assertThat(refusal(client, 10)).isNull();
    assertThat(refusal(client, 10)).isNotNull();
  }

  @Test
  void tokensAMinuteAreCountedFirstAsEstimatedAndThenAsTheyWere() {
    Client client = client(0, 1000, 0);
    Reservation reservation = limits.check(client, 600, 0);
    assertThat(refusal(client, 500).reason()).isEqualTo(ClientRefused.Reason.TOKENS);
    reservation.charge(300);
    assertThat(refusal(client, 500)).isNull();
    assertThat(refusal(client, 300)).isNotNull();
  }

  @Test
  void outputCountsFromWhenItCame() {
    Client client = client(0, 1000, 0);
    Reservation reservation = limits.check(client, 100, 0);
    time.advance(Duration.ofMinutes(2));
    reservation.charge(1000);
    ClientRefused refused = refusal(client, 200);
    assertThat(refused.retryAfter()).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aRequestThatNeverFitsIsRefusedForGood() {
    assertThat(refusal(client(0, 1000, 0), 1001).reason())
        .isEqualTo(ClientRefused.Reason.TOO_LARGE);
    assertThat(refusal(client(0, 0, 1000), 1001).retryAfter()).isNull();
  }

  @Test
  void tokensADayAreCountedUntilMidnightUtc() {
    Client client = client(0, 0, 1000);
    limits.check(client, 400, 0).charge(900);
    ClientRefused refused = refusal(client, 200);
    assertThat(refused.reason()).isEqualTo(ClientRefused.Reason.DAILY_TOKENS);
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofMinutes(90));
    assertThat(limits.usedToday(client)).isEqualTo(900);

    time.advance(Duration.ofMinutes(90));
    assertThat(limits.usedToday(client)).isZero();
    assertThat(refusal(client, 1000)).isNull();
  }

  @Test
  void requestsUnderWayCountAgainstTheDayWithTheirEstimate() {
    Client client = client(0, 0, 1000);
    Reservation first = limits.check(client, 600, 0);
    assertThat(refusal(client, 600).reason()).isEqualTo(ClientRefused.Reason.UNDER_WAY);
    first.close();
    assertThat(refusal(client, 600)).isNull();
  }

  @Test
  void manyRequestsAtOnceEndAtMostOneBeyondTheDay() {
    Client client = client(0, 0, 10_000);
    List<Reservation> admitted = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      try {
        admitted.add(limits.check(client, 10, 3000));
      } catch (ClientRefused e) {
        assertThat(e.reason()).isEqualTo(ClientRefused.Reason.UNDER_WAY);
        assertThat(e.retryAfter()).isLessThan(Duration.ofMinutes(1));
      }
    }
    assertThat(admitted).as("three that fit, and one that may not").hasSize(4);
    admitted.forEach(each -> each.charge(3010));

    assertThat(limits.usedToday(client)).isEqualTo(4 * 3010).isLessThan(10_000 + 3010);
    assertThat(refusal(client, 1).reason()).isEqualTo(ClientRefused.Reason.DAILY_TOKENS);
  }

  @Test
  void manyRequestsAtOnceEndAtMostOneBeyondTheMinute() {
    Client client = client(0, 1000, 0);
    limits.check(client, 10, 5000);
    ClientRefused refused =
        catchThrowableOfType(ClientRefused.class, () -> limits.check(client, 10, 5000));
    assertThat(refused.reason()).isEqualTo(ClientRefused.Reason.UNDER_WAY);
  }

  @Test
  void nearTheEndOfTheDayRequestsComeOneAtATime() {
    Client client = client(0, 0, 1000);
    for (int i = 0; i < 5; i++) {
      Reservation only = limits.check(client, 10, 32_000);
      assertThat(catchThrowableOfType(ClientRefused.class, () -> limits.check(client, 10, 32_000)))
          .isNotNull();
      only.charge(100);
    }
    assertThat(limits.usedToday(client)).isEqualTo(500);
  }

  @Test
  void aClockThatIsSetFreesNoMinuteAndLocksNobodyOut() {
    Client client = client(2, 0, 1000);
    limits.check(client, 10, 0).charge(600);
    limits.check(client, 10, 0).charge(100);

    for (Duration jump : List.of(Duration.ofHours(-5), Duration.ofHours(5), Duration.ofDays(40))) {
      time.setWall(time.instant().plus(jump));
      assertThat(refusal(client, 10).reason()).isEqualTo(ClientRefused.Reason.REQUESTS);
      time.setWall(time.instant().minus(jump));
    }
    time.advance(Duration.ofSeconds(61));
    time.setWall(time.instant().plus(Duration.ofDays(40)));
    limits.check(client, 10, 0).charge(10);
    time.setWall(time.instant().minus(Duration.ofDays(40)));

    assertThat(limits.usedToday(client)).isEqualTo(700);
    assertThat(refusal(client, 400).reason()).isEqualTo(ClientRefused.Reason.DAILY_TOKENS);
    assertThat(refusal(client, 200)).isNull();
  }

  @Test
  void whatIsRefusedCostsNothing() {
    Client client = client(3, 1000, 2000);
    for (int i = 0; i < 20; i++) {
      assertThat(refusal(client, 1500)).isNotNull();
    }
    limits.check(client, 1000, 0).charge(0);
    limits.check(client, 1000, 0).charge(0);
    limits.check(client, 1000, 0);
  }

  @Test
  void aReservationIsSettledOnce() {
    Client client = client(0, 0, 1000);
    Reservation reservation = limits.check(client, 100, 0);
    reservation.charge(250);
    reservation.charge(250);
    reservation.close();
    assertThat(limits.usedToday(client)).isEqualTo(250);
    assertThat(refusal(client, 750)).isNull();
  }

  @Test
  void clientsDoNotPayForEachOther() {
    limits.check(client(1, 0, 0), 1, 0);
    assertThat(refusal(new Client("bob", 1, 0, 0, List.of()), 1)).isNull();
  }

  @Test
  void aClientWithoutLimitsIsNeverRefused() {
    Client client = Client.unlimited("free");
    for (int i = 0; i < 10_000; i++) {
      limits.check(client, Integer.MAX_VALUE, 0).charge(Integer.MAX_VALUE);
    }
    assertThat(limits.usedToday(client)).isZero();
  }

  @Test
  void theDailyBudgetSurvivesARestart(@TempDir Path directory) {
    Client client = client(0, 0, 1000);
    String file = directory.resolve("data/usage.ledger").toString();
    try (ClientLimits before = limits(file)) {
      before.check(client, 1, 0).charge(400);
      before.check(client, 1, 0).charge(300);
    }
    try (ClientLimits after = limits(file)) {
      assertThat(after.usedToday(client)).isEqualTo(700);
      assertThat(catchThrowableOfType(ClientRefused.class, () -> after.check(client, 301, 0)))
          .isNotNull();
    }
  }

  @Test
  void noFileIsMadeAsLongAsNoClientHasADailyBudget(@TempDir Path directory) {
    try (ClientLimits limits = limits(directory.resolve("usage").toString())) {
      limits.check(client(5, 5, 0), 1, 0).charge(1);
      assertThat(directory).isEmptyDirectory();
    }
  }

  private static Client spender(Budget.Period period, double dollars) {
    return new Client(
        "ann",
        0,
        0,
        0,
        List.of(),
        List.of(new Budget(period, Budget.Unit.NANODOLLARS, (long) (dollars * 1e9))),
        null);
  }

  private static Cost cents(double cents) {
    return new Cost(1, (long) (cents * 1e7));
  }

  private ClientRefused refusal(Client client, Cost estimate) {
    return catchThrowableOfType(
        ClientRefused.class, () -> limits.check(client, estimate, Cost.NONE));
  }

  @Test
  void dollarsADayAreCountedUntilMidnight() {
    Client client = spender(Budget.Period.DAY, 0.10);
    limits.check(client, cents(1), Cost.NONE).charge(cents(8));

    ClientRefused refused = refusal(client, cents(3));
    assertThat(refused.reason()).isEqualTo(ClientRefused.Reason.DAILY_USD);
    assertThat(refused).hasMessage("This key's budget of 0.1 dollars a day (UTC) is used up");
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofMinutes(90));
    assertThat(limits.budgets(client))
        .singleElement()
        .satisfies(status -> assertThat(status.utilization()).isEqualTo(0.8));

    time.advance(Duration.ofMinutes(90));
    assertThat(refusal(client, cents(3))).isNull();
  }

  @Test
  void dollarsAMonthAreCountedUntilItsEndAlsoInAFile(@TempDir Path directory) {
    String file = directory.resolve("usage").toString();
    Client client = spender(Budget.Period.MONTH, 1);
    try (ClientLimits before = limits(file)) {
      before.check(client, cents(1), Cost.NONE).charge(cents(60));
      time.advance(Duration.ofDays(20));
      before.check(client, cents(1), Cost.NONE).charge(cents(30));
    }
    try (ClientLimits after = limits(file)) {
      ClientRefused refused =
          catchThrowableOfType(
              ClientRefused.class, () -> after.check(client, cents(20), Cost.NONE));
      assertThat(refused.reason()).isEqualTo(ClientRefused.Reason.MONTHLY_USD);
      assertThat(after.budgets(client).get(0).used()).isEqualTo(900_000_000);
      assertThat(after.budgets(client).get(0).reset())
          .isEqualTo(Instant.parse("2026-04-01T00:00:00Z"));

      time.advance(Duration.ofDays(11));
      after.check(client, cents(20), Cost.NONE).charge(cents(20));
      assertThat(after.budgets(client).get(0).used()).isEqualTo(200_000_000);
    }
  }

  @Test
  void ofManyRequestsAtOnceOneEndsBeyondABudgetInDollars() {
    Client client = spender(Budget.Period.DAY, 1);
    int admitted = 0;
    for (int i = 0; i < 20; i++) {
      try {
        limits.check(client, cents(1), cents(40));
        admitted++;
      } catch (ClientRefused e) {
        assertThat(e.reason()).isEqualTo(ClientRefused.Reason.UNDER_WAY);
      }
    }
    assertThat(admitted).isEqualTo(3);
  }

  @Test
  void tokensAndDollarsAreCountedApart() {
    Client client =
        new Client(
            "ann",
            0,
            0,
            1000,
            List.of(),
            List.of(
                new Budget(Budget.Period.MONTH, Budget.Unit.TOKENS, 1500),
                new Budget(Budget.Period.MONTH, Budget.Unit.NANODOLLARS, 5_000_000_000L)),
            null);
    limits.check(client, 10, 0).charge(new Cost(900, 1_000_000_000L));

    assertThat(limits.budgets(client))
        .extracting(BudgetStatus::used)
        .containsExactly(900L, 900L, 1_000_000_000L);
    time.advance(Duration.ofHours(3));
    assertThat(limits.budgets(client))
        .extracting(BudgetStatus::used)
        .containsExactly(0L, 900L, 1_000_000_000L);
    assertThat(refusal(client, 700).reason()).isEqualTo(ClientRefused.Reason.MONTHLY_TOKENS);
  }
}
