package io.caravan.limits.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLedgerTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("usage.ledger");
  }

  private FileLedger open() {
    return new FileLedger(file());
  }

  private long usedAfterReopening(String client) {
    try (FileLedger ledger = open()) {
      return ledger.used(client, TODAY);
    }
  }

  @Test
  void aChargeIsInTheFileAtOnce() throws IOException {
    try (FileLedger ledger = open()) {
      ledger.add("ann", TODAY, 42);
      // The file is neither forced nor closed yet: a killed process leaves it like this.
      assertThat(Files.readString(file())).startsWith("2026-03-01 ann 42 ").endsWith("\n");
    }
  }

  /** A request may open it, under a lock for which others wait. */
  @Test
  void openingItForcesNothing() throws IOException {
    Files.writeString(file(), "2026-03-01 ann 42 garbage\n");
    Object before = Files.readAttributes(file(), BasicFileAttributes.class).fileKey();
    try (FileLedger ledger = new FileLedger(file(), new NeverRuns())) {
      ledger.add("ann", TODAY, 1);
      assertThat(Files.readAttributes(file(), BasicFileAttributes.class).fileKey())
          .as("the file that was there, and no new one that had to be forced")
          .isEqualTo(before);
      ledger.sync();
      assertThat(Files.readAllLines(file())).hasSize(1);
    }
    assertThat(usedAfterReopening("ann")).isEqualTo(1);
  }

  private static final class NeverRuns extends ScheduledThreadPoolExecutor {
    NeverRuns() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long delay, long period, TimeUnit unit) {
      return null;
    }
  }

  @Test
  void aLineThatWasNotWrittenToItsEndIsLeftOut() throws IOException {
    try (FileLedger ledger = open()) {
      ledger.add("ann", TODAY, 1000);
      ledger.add("ann", TODAY, 2345);
    }
    try (RandomAccessFile torn = new RandomAccessFile(file().toFile(), "rw")) {
      torn.setLength(torn.length() - 4);
    }
    try (FileLedger ledger = open()) {
      assertThat(ledger.used("ann", TODAY)).isEqualTo(1000);
      ledger.add("ann", TODAY, 5);
    }
    assertThat(usedAfterReopening("ann")).isEqualTo(1005);
  }

  @Test
  void garbageInTheFileIsLeftOut() throws IOException {
    try (FileLedger ledger = open()) {
      ledger.add("ann", TODAY, 1000);
    }
    String good = Files.readString(file());
    Files.write(file(), new byte[300_000], StandardOpenOption.APPEND);
    Files.writeString(
        file(), "\n2026-03-01 ann 99999 00000000\nnonsense\n\n" + good, StandardOpenOption.APPEND);
    assertThat(usedAfterReopening("ann")).isEqualTo(2000);
    assertThat(file()).hasSize(good.length());
  }

  @Test
  void aWholeLastLineWithoutItsLineEndCounts() throws IOException {
    try (FileLedger ledger = open()) {
      ledger.add("ann", TODAY, 7);
    }
    Files.writeString(file(), Files.readString(file()).strip());
    assertThat(usedAfterReopening("ann")).isEqualTo(7);
  }

  @Test
  void theFileIsWrittenAnewBeforeItGrowsLarge() throws IOException {
    try (FileLedger ledger = open()) {
      for (int i = 0; i < 40_000; i++) {
        ledger.add("client" + i % 10, TODAY, 1);
      }
      ledger.sync();
      assertThat(Files.size(file())).isLessThan(FileLedger.COMPACT_AT);
    }
    assertThat(usedAfterReopening("client3")).isEqualTo(4000);
    assertThat(Files.readAllLines(file())).hasSize(10);
  }

  @Test
  void onlyTheDayAndTheOneBeforeAreKept() {
    try (FileLedger ledger = open()) {
      ledger.add("ann", TODAY.minusDays(5), 1000);
      ledger.add("ann", TODAY.minusDays(2), 1);
      ledger.add("ann", TODAY.minusDays(1), 10);
      ledger.add("ann", TODAY, 100);
      assertThat(ledger.used("ann", TODAY.minusDays(2))).isZero();
      assertThat(ledger.used("ann", TODAY.minusDays(5))).isZero();
    }
    try (FileLedger ledger = open()) {
      assertThat(ledger.used("ann", TODAY.minusDays(1))).isEqualTo(10);
      assertThat(ledger.used("ann", TODAY)).isEqualTo(100);
    }
  }

  @Test
  void aClockThatWasFarAheadForAWhileFreesNoBudget() {
    try (FileLedger ledger = open()) {
      ledger.add("ann", TODAY, 100);
      ledger.add("bob", TODAY.plusDays(300), 1);
      ledger.add("ann", TODAY, 100);
      ledger.sync();
      assertThat(ledger.used("ann", TODAY)).isEqualTo(200);
    }
    assertThat(usedAfterReopening("ann")).isEqualTo(200);
    try (FileLedger ledger = open()) {
      ledger.add("ann", TODAY, 100);
      assertThat(ledger.used("ann", TODAY)).isEqualTo(300);
    }
  }

  @Test
  void aSecondWriterIsRefused() {
    try (FileLedger ledger = open()) {
      assertThat(ledger.used("ann", TODAY)).isZero();
      assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
    }
    assertThat(usedAfterReopening("ann")).isZero();
  }

  @Test
  void anInterruptedRequestDoesNotHarmIt() {
    try (FileLedger ledger = open()) {
      Thread.currentThread().interrupt();
      ledger.add("ann", TODAY, 1);
      ledger.sync();
      assertThat(Thread.interrupted()).isTrue();
      ledger.add("ann", TODAY, 2);
    }
    assertThat(usedAfterReopening("ann")).isEqualTo(3);
  }

  @Test
  void whatCouldNotBeWrittenIsWrittenWhenThatIsPossibleAgain() throws IOException {
    try (FileLedger ledger = open()) {
      ledger.closeOutput();
      ledger.add("ann", TODAY, 1);
      ledger.add("ann", TODAY, 2);
      assertThat(ledger.used("ann", TODAY)).isEqualTo(3);
      ledger.sync();
      ledger.add("ann", TODAY, 4);
    }
    assertThat(usedAfterReopening("ann")).isEqualTo(7);
  }

  @Test
  void chargesGoOnWhileTheFileIsWrittenAnew() throws Exception {
    int charges = 20_000;
    try (FileLedger ledger = open()) {
      Thread charging =
          new Thread(
              () -> {
                for (int i = 0; i < charges; i++) {
                  ledger.add("ann", TODAY, 1);
                }
              });
      charging.start();
      while (charging.isAlive()) {
        ledger.closeOutput();
        ledger.sync();
      }
      charging.join();
      assertThat(ledger.used("ann", TODAY)).isEqualTo(charges);
    }
    assertThat(usedAfterReopening("ann")).isEqualTo(charges);
  }

  record Charge(String client, int day, long tokens) {}

  @Provide
  Arbitrary<List<Charge>> charges() {
    return Combinators.combine(
            Arbitraries.of("ann", "bob", "ci"),
            Arbitraries.integers().between(0, 1),
            Arbitraries.longs().between(0, 1_000_000_000_000L))
        .as(Charge::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 25)
  void readAgainItIsTheSumOfItsCharges(
      @ForAll("charges") List<Charge> charges, @ForAll @IntRange(min = 1, max = 5) int restarts)
      throws IOException {
    Path file = Files.createTempFile("caravan", ".ledger");
    Map<String, Long> sums = new HashMap<>();
    for (int run = 0; run < restarts; run++) {
      try (FileLedger ledger = new FileLedger(file)) {
        for (Charge charge : charges) {
          LocalDate day = TODAY.plusDays(charge.day());
          ledger.add(charge.client(), day, charge.tokens());
          sums.merge(charge.client() + day, charge.tokens(), Long::sum);
        }
      }
    }
    try (FileLedger ledger = new FileLedger(file)) {
      for (String client : List.of("ann", "bob", "ci")) {
        for (LocalDate day : List.of(TODAY, TODAY.plusDays(1))) {
          assertThat(ledger.used(client, day)).isEqualTo(sums.getOrDefault(client + day, 0L));
        }
      }
    }
    Files.delete(file);
    Files.delete(Path.of(file + ".lock"));
  }
}
