package io.caravan.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.observe.Example;
import io.caravan.observe.RequestRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndedRequestsTest {
  private static final RequestRecord WHOLE =
      new RequestRecord(
          "req_1",
          Instant.ofEpochSecond(1_800_000_000L, 123_456_789),
          "messages",
          new RequestRecord.Caller("ann", "session", "agent", "claude-cli/2 é😀"),
          new RequestRecord.Model("claude-sonnet", "nim", "z-ai/glm-5.3", "other"),
          List.of(
              new RequestRecord.Call(
                  "nim", "a/b", true, 503, "up-1", "overloaded_error", "r", 1, 2),
              new RequestRecord.Call("nim", "c", false, 0, null, "cooling", null, 3, 4)),
          new RequestRecord.Ending(200, "ok", "lost:images"),
          new RequestRecord.Tokens(10, 20, 30, 40, true, false),
          5_000_000_000L,
          6,
          7_000_000_000L,
          List.of(
              new RequestRecord.Stage("accept", 0, 8), new RequestRecord.Stage("nim-call", 9, 10)),
          new RequestRecord.Translation(
              List.of(new RequestRecord.Loss("request", "images", 2)),
              Map.of("hermes", 1),
              3,
              Map.of("Bash", 4, "Read", 5),
              600,
              700));

  private static final RequestRecord BARE = Example.refused();

  private final EndedRequests requests = new EndedRequests();

  @Test
  void aRequestIsKeptWhole() {
    requests.add(WHOLE, 2);
    requests.add(BARE, 2);

    assertThat(requests.all()).containsExactly(WHOLE, BARE);
  }

  @Test
  void theOldestIsForgottenWhateverTheirSizes() {
    for (int i = 0; i < 10; i++) {
      requests.add(named("a" + i, i % 3 == 0 ? "x".repeat(190) : "x"), 4);
      requests.add(named("b" + i, "y"), 4);
    }

    assertThat(requests.all())
        .extracting(request -> request.caller().session())
        .containsExactly("a8", "b8", "a9", "b9");
    assertThat(requests.all().get(2)).isEqualTo(named("a9", "x".repeat(190)));
  }

  @Test
  void longTextsAreClipped() {
    requests.add(named("a", "n".repeat(3_000_000)), 1);

    assertThat(requests.all().get(0).model().requested()).isEqualTo("n".repeat(200) + "…");
  }

  @Test
  void toolsThatAreClippedToOneNameAreCountedTogether() {
    String name = "t".repeat(250);
    RequestRecord.Translation called =
        new RequestRecord.Translation(
            List.of(), Map.of(), 0, Map.of(name + "1", 2, name + "2", 3, "Bash", 1), 0, 0);

    RequestRecord kept = EndedRequests.asKept(with(BARE, called));

    assertThat(kept.translation().called())
        .containsExactlyInAnyOrderEntriesOf(Map.of("t".repeat(200) + "…", 5, "Bash", 1));
  }

  private static RequestRecord named(String session, String model) {
    return Example.of("ann", session, model, "ok");
  }

  private static RequestRecord with(RequestRecord request, RequestRecord.Translation translation) {
    return new RequestRecord(
        request.id(),
        request.acceptedAt(),
        request.route(),
        request.caller(),
        request.model(),
        request.calls(),
        request.ending(),
        request.tokens(),
        request.nanodollars(),
        request.firstTokenNanos(),
        request.totalNanos(),
        request.stages(),
        translation);
  }
}
