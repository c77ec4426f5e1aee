package io.caravan.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

class RouteTextTest {
  private static final String FILE =
      """
      # A provider.
      - beans:
          # The first one.
          - name: one
            type: T
          - name: two
            type: T
            properties: {a: "1"}
      - beans:
          - {name: three, type: T}
      - route:
          id: r
          from:
            uri: direct:r
            steps:
              - log: x
      """;

  @Test
  void keepsEachStepOnItsLine() {
    String kept = RouteText.parse(FILE).keeping(true, "two"::equals);

    assertThat(kept)
        .isEqualTo(
            """
            # A provider.
            - beans:
                # The first one.


                - name: two
                  type: T
                  properties: {a: "1"}


            - route:
                id: r
                from:
                  uri: direct:r
                  steps:
                    - log: x
            """);
  }

  @Test
  void keepsBeansAlone() {
    String kept = RouteText.parse(FILE).keeping(false, "three"::equals);

    assertThat(kept.lines().filter(line -> !line.isBlank()))
        .containsExactly("# A provider.", "- beans:", "    - {name: three, type: T}");
  }

  @Test
  void isEmptyWhereNothingIsKept() {
    assertThat(RouteText.parse(FILE).keeping(false, name -> false)).isEmpty();
    assertThat(RouteText.parse("# nothing\n").keeping(true, name -> true)).isEmpty();
  }

  @Test
  void namesTheBeansAndTheOthers() {
    RouteText text = RouteText.parse(FILE);

    assertThat(text.beans())
        .extracting(RouteText.Bean::name)
        .containsExactly("one", "two", "three");
    assertThat(text.others()).hasSize(1);
  }

  @Test
  void refusesWhatIsNoYaml() {
    assertThatThrownBy(() -> RouteText.parse("- route: [")).isInstanceOf(YamlEngineException.class);
  }
}
