package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.provider.ToolIdForm;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolIdsTest {
  @Property
  void carriesAnyUpstreamIdThereAndBack(@ForAll String upstreamId) {
    String id = ToolIds.issue(upstreamId);
    assertThat(id).matches("[a-zA-Z0-9_-]+");
    boolean wellFormed =
        new String(
                upstreamId.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                java.nio.charset.StandardCharsets.UTF_8)
            .equals(upstreamId);
    if (!upstreamId.isEmpty() && upstreamId.length() <= 200 && wellFormed) {
      assertThat(ToolIds.upstream(id, ToolIdForm.ANY)).isEqualTo(upstreamId);
    }
    assertThat(ToolIds.upstream(id, ToolIdForm.NINE_ALNUM)).matches("[a-zA-Z0-9]{9}");
  }

  @Test
  void keepsUsualIdsReadable() {
    assertThat(ToolIds.issue("call_0")).matches("toolu_cv[a-zA-Z0-9]{14}_call_0");
    assertThat(ToolIds.issue("functions.Bash:0")).endsWith("_functions-2eBash-3a0");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "")
  void makesAnIdWhereTheUpstreamGaveNone(String none) {
    String id = ToolIds.issue(none);
    String upstream = ToolIds.upstream(id, ToolIdForm.ANY);
    assertThat(upstream).startsWith("call_").isEqualTo(ToolIds.upstream(id, ToolIdForm.ANY));
    assertThat(upstream.substring(5)).isEqualTo(id.substring("toolu_cv".length()));
  }

  @Test
  void neverIssuesTheSameIdTwice() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertThat(ids.add(ToolIds.issue("call_0"))).isTrue();
    }
  }

  @Test
  void keepsIdsShortWhateverTheUpstreamSends() {
    String id = ToolIds.issue("x".repeat(100_000));
    assertThat(id).hasSizeLessThan(100);
    assertThat(ToolIds.upstream(id, ToolIdForm.ANY)).hasSizeLessThan(100);
  }

  @Test
  void leavesTheIdsOfOthersAlone() {
    for (String id : new String[] {"toolu_01A09q90qw90lq917835lq9", "call_abc.123", "toolu_cv"}) {
      assertThat(ToolIds.upstream(id, ToolIdForm.ANY)).isEqualTo(id);
      assertThat(ToolIds.upstream(id, ToolIdForm.NINE_ALNUM))
          .matches("[a-zA-Z0-9]{9}")
          .isEqualTo(ToolIds.upstream(id, ToolIdForm.NINE_ALNUM));
    }
  }

  @Test
  void givesMistralItsOwnIdBack() {
    assertThat(ToolIds.upstream(ToolIds.issue("D681PevKs"), ToolIdForm.NINE_ALNUM))
        .isEqualTo("D681PevKs");
  }

  @Test
  void tellsCallsApartThatTheUpstreamNumberedAlike() {
    ToolIdAssigner ids = new ToolIdAssigner(ToolIdForm.ANY);
    assertThat(ids.next(ToolIds.issue("call_0"))).isEqualTo("call_0");
    assertThat(ids.next(ToolIds.issue("call_1"))).isEqualTo("call_1");
    assertThat(ids.next(ToolIds.issue("call_0"))).isEqualTo("call_0_2");
    assertThat(ids.next(ToolIds.issue("call_0"))).isEqualTo("call_0_3");
    assertThat(ids.next(ToolIds.issue("call_0_2"))).isEqualTo("call_0_2_2");
  }

  @Test
  void countsOnInTheNumbersOfKimi() {
    ToolIdAssigner ids = new ToolIdAssigner(ToolIdForm.ANY);
    assertThat(ids.next(ToolIds.issue("functions.Bash:0"))).isEqualTo("functions.Bash:0");
    assertThat(ids.next(ToolIds.issue("functions.Bash:1"))).isEqualTo("functions.Bash:1");
    assertThat(ids.next(ToolIds.issue("functions.Bash:0"))).isEqualTo("functions.Bash:2");
    assertThat(ids.next(ToolIds.issue("functions.Bash:0"))).isEqualTo("functions.Bash:3");
  }

  @Test
  void tellsNineCharacterIdsApart() {
    ToolIdAssigner ids = new ToolIdAssigner(ToolIdForm.NINE_ALNUM);
    String first = ids.next(ToolIds.issue("D681PevKs"));
    String second = ids.next(ToolIds.issue("D681PevKs"));
    assertThat(first).isEqualTo("D681PevKs");
    assertThat(second).isNotEqualTo(first).matches("[a-zA-Z0-9]{9}");
  }

  @Test
  void survivesAnIdThatWasChangedOnTheWay() {
    String id = ToolIds.issue("functions.Bash:0");
    String cut = id.substring(0, id.length() - 3) + "-";
    assertThat(ToolIds.upstream(cut, ToolIdForm.ANY)).isNotEmpty();
  }

  /** A recorded exchange has the same ones when it is replayed, and no two calls share one. */
  @Test
  void dependOnTheMessageAlone() {
    UnaryOperator<String> one = ToolIds.of("msg_1");
    List<String> first = List.of(one.apply("call_0"), one.apply("call_0"), one.apply(null));
    UnaryOperator<String> again = ToolIds.of("msg_1");

    assertThat(List.of(again.apply("call_0"), again.apply("call_0"), again.apply(null)))
        .isEqualTo(first)
        .doesNotHaveDuplicates();
    assertThat(ToolIds.of("msg_2").apply("call_0")).isNotIn(first).endsWith("_call_0");
    assertThat(ToolIds.of("").apply("call_0")).isNotEqualTo(ToolIds.of("").apply("call_0"));
  }
}
