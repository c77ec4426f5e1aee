package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.upstream.AdmissionRequest.Turn;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue<String> queue = new FairQueue<>();

  private void add(String tenant, String session, String pending) {
    queue.add(new Turn(tenant, session, false), pending);
  }

  @Test
  void tenantsTakeTurnsAndThenTheirSessions() {
    add("ann", "a", "ann-a1");
    add("ann", "a", "ann-a2");
    add("ann", "b", "ann-b1");
    add("bob", "a", "bob-a1");
    add("bob", "a", "bob-a2");

    assertThat(queue.drain()).containsExactly("ann-a1", "bob-a1", "ann-b1", "bob-a2", "ann-a2");
  }

  @Test
  void manySessionsOfOneTenantDoNotStarveAnother() {
    for (int i = 0; i < 1000; i++) {
      add("ann", "made-up-" + i, "ann-" + i);
    }
    add("bob", "s", "bob-1");
    add("bob", "s", "bob-2");

    assertThat(queue.drain().subList(0, 4)).containsExactly("ann-0", "bob-1", "ann-1", "bob-2");
  }

  @Test
  void whoLeavesIsNotServed() {
    add("ann", "a", "ann-1");
    add("bob", "a", "bob-1");
    Turn ann = new Turn("ann", "a", false);

    assertThat(queue.remove(ann, "ann-1")).isTrue();
    assertThat(queue.remove(ann, "ann-1")).isFalse();
    assertThat(queue.remove(new Turn("unknown", "a", false), "x")).isFalse();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.drain()).containsExactly("bob-1");
    assertThat(queue.poll()).isNull();
  }

  @Provide
  Arbitrary<List<Turn>> arrivals() {
    return turns().list().ofMaxSize(40);
  }

  @Provide
  Arbitrary<Turn> turns() {
    return Combinators.combine(
            Arbitraries.of("ann", "bob", "cleo"),
            Arbitraries.of("a", "b", "c"),
            Arbitraries.of(true, false))
        .as(Turn::new);
  }

  @Property
  void theNumberAheadIsWhatIsServedBeforeANewcomer(
      @ForAll("arrivals") List<Turn> arrivals, @ForAll("turns") Turn newcomer) {
    int number = 0;
    for (Turn arrival : arrivals) {
      queue.add(arrival, "w" + number++);
      if (number % 7 == 0) {
        queue.poll();
      }
    }
    int ahead = queue.ahead(newcomer);

    queue.add(newcomer, "newcomer");

    assertThat(queue.drain().indexOf("newcomer")).isEqualTo(ahead);
  }
}
