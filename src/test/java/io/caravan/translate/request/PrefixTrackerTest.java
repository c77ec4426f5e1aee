package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrefixTrackerTest {
  private static final String TOOLS = ",\"tools\":[{\"name\":\"t\",\"input_schema\":{}}]";

  private final PrefixTracker tracker = new PrefixTracker(1000);

  private static UpstreamRequest request(String system, String tools, String... texts) {
    StringBuilder json =
        new StringBuilder("{\"model\":\"m\",\"system\":\"" + system + "\"" + tools);
    json.append(",\"messages\":[");
    for (int i = 0; i < texts.length; i++) {
      String role = i % 2 == 0 ? "user" : "assistant";
      json.append(i == 0 ? "" : ",");
      json.append("{\"role\":\"" + role + "\",\"content\":\"" + texts[i] + "\"}");
    }
    return Translations.translate(json.append("]}").toString());
  }

  @Test
  void knowsNothingOfTheFirstRequest() {
    assertThat(tracker.track("t", "c", request("S", "", "a"))).isEqualTo(PrefixMatch.NONE);
  }

  @Test
  void tellsHowMuchOfTheLastRequestIsThereAgain() {
    UpstreamRequest first = request("S", TOOLS, "a");
    tracker.track("t", "c", first);
    PrefixMatch match = tracker.track("t", "c", request("S", TOOLS, "a", "b", "c"));
    int length = first.spans().length();
    assertThat(match).isEqualTo(new PrefixMatch(length, length, false));
  }

  @Test
  void countsOnlyWhatComesBeforeTheFirstChange() {
    tracker.track("t", "c", request("S", "", "a", "b", "c"));
    UpstreamRequest changed = request("S", "", "a", "B", "c");
    PrefixMatch match = tracker.track("t", "c", changed);
    assertThat(match.matched()).isEqualTo(changed.spans().end(1) - changed.spans().start());
    assertThat(match.previous()).isEqualTo(changed.spans().length());
  }

  @Test
  void showsAHeadThatChanges() {
    tracker.track("t", "c", request("S, 10:01", "", "a"));
    PrefixMatch match = tracker.track("t", "c", request("S, 10:02", "", "a", "b", "c"));
    assertThat(match.matched()).isZero();
    assertThat(match.previous()).isPositive();
  }

  @Test
  void tellsThatTheToolsChanged() {
    tracker.track("t", "c", request("S", "", "a"));
    assertThat(tracker.track("t", "c", request("S", TOOLS, "a", "b", "c")).toolsChanged()).isTrue();
  }

  @Test
  void keepsSideCallsOfOneSessionApart() {
    UpstreamRequest main = request("S", "", "main");
    tracker.track("t", "c", main);
    tracker.track("t", "c", request("Title", "", "main"));
    tracker.track("t", "c", request("S", "", "subagent"));
    PrefixMatch match = tracker.track("t", "c", request("S", "", "main", "b", "c"));
    assertThat(match.matched()).isEqualTo(main.spans().length());
  }

  @Test
  void takesWhatBeginsLikeNothingForANewConversationWhereThereAreNoSessions() {
    UpstreamRequest first = request("S", "", "a");
    tracker.track("t", "", first);
    for (int i = 0; i < 20; i++) {
      assertThat(tracker.track("t", "", request("S" + i, "", "a"))).isEqualTo(PrefixMatch.NONE);
    }
    int length = first.spans().length();
    assertThat(tracker.track("t", "", request("S", "", "a", "b", "c")))
        .isEqualTo(new PrefixMatch(length, length, false));
  }

  @Test
  void keepsConversationsAndTenantsApart() {
    tracker.track("t", "c", request("S", "", "a"));
    assertThat(tracker.track("t", "d", request("S", "", "a"))).isEqualTo(PrefixMatch.NONE);
    assertThat(tracker.track("u", "c", request("S", "", "a"))).isEqualTo(PrefixMatch.NONE);
  }
}
