package io.caravan.limits.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SessionQueueTest {
  private final SessionQueue<String> queue = new SessionQueue<>();

  private List<String> order() {
    return drained(queue);
  }

  private static List<String> drained(SessionQueue<String> queue) {
    List<String> all = new ArrayList<>();
    for (String next = queue.poll(); next != null; next = queue.poll()) {
      all.add(next);
    }
    return all;
  }

  @Test
  void sessionsTakeTurns() {
    queue.add("a", false, "a1");
    queue.add("a", false, "a2");
    queue.add("a", false, "a3");
    queue.add("b", false, "b1");
    queue.add("c", false, "c1");
    queue.add("c", false, "c2");

    assertThat(order()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
  }

  @Test
  void theInteractiveTurnComesBeforeItsSessionsSubAgents() {
    queue.add("a", true, "a-agent1");
    queue.add("a", true, "a-agent2");
    queue.add("b", true, "b-agent1");
    queue.add("a", false, "a-person");

    assertThat(order()).containsExactly("a-person", "b-agent1", "a-agent1", "a-agent2");
  }

  @Test
  void aSessionThatComesAgainStandsAtTheEndOfTheRow() {
    queue.add("a", false, "a1");
    queue.add("b", false, "b1");
    assertThat(queue.poll()).isEqualTo("a1");
    queue.add("a", false, "a2");

    assertThat(order()).containsExactly("b1", "a2");
  }

  @Test
  void whoLeavesIsNotServed() {
    queue.add("a", false, "a1");
    queue.add("a", true, "a2");
    queue.add("b", false, "b1");

    assertThat(queue.remove("a", false, "a1")).isTrue();
    assertThat(queue.remove("a", false, "a1")).isFalse();
    assertThat(queue.remove("unknown", false, "x")).isFalse();
    assertThat(queue.size()).isEqualTo(2);
    assertThat(order()).containsExactly("a2", "b1");
    assertThat(queue.poll()).isNull();
  }

  record Arrival(String session, boolean subagent) {}

  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    Arbitrary<Arrival> arrival =
        Combinators.combine(Arbitraries.of("a", "b", "c", "d"), Arbitraries.of(true, false))
            .as(Arrival::new);
    return arrival.list().ofMaxSize(40);
  }

  @Property
  void theNumberAheadIsWhatIsServedBeforeANewcomer(
      @ForAll("arrivals") List<Arrival> arrivals, @ForAll boolean subagent) {
    SessionQueue<String> queue = new SessionQueue<>();
    int number = 0;
    for (Arrival arrival : arrivals) {
      queue.add(arrival.session(), arrival.subagent(), "w" + number++);
      if (number % 7 == 0) {
        queue.poll();
      }
    }
    int ahead = queue.ahead("b", subagent);

    queue.add("b", subagent, "newcomer");

    assertThat(drained(queue).indexOf("newcomer")).isEqualTo(ahead);
  }

  @Property
  void noSessionIsServedTwiceWhileAnotherWaits(@ForAll("arrivals") List<Arrival> arrivals) {
    SessionQueue<String> queue = new SessionQueue<>();
    Map<String, Integer> waiting = new HashMap<>();
    int number = 0;
    for (Arrival arrival : arrivals) {
      queue.add(arrival.session(), arrival.subagent(), arrival.session() + number++);
      waiting.merge(arrival.session(), 1, Integer::sum);
    }
    List<String> served = new ArrayList<>();
    while (queue.size() > 0) {
      String session = queue.poll().substring(0, 1);
      int last = served.lastIndexOf(session);
      for (Map.Entry<String, Integer> other : waiting.entrySet()) {
        if (last >= 0 && other.getValue() > 0 && !other.getKey().equals(session)) {
          assertThat(served.subList(last + 1, served.size())).contains(other.getKey());
        }
      }
      served.add(session);
      waiting.merge(session, -1, Integer::sum);
    }
    assertThat(served).hasSameSizeAs(arrivals);
  }
}
