package io.caravan.translate.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.ErrorBody;
import io.caravan.corpus.Chosen;
import io.caravan.corpus.CorpusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorCorpusTest {
  private final FailureTranslator translator = new FailureTranslator(Secrets.of(List.of()));

  static List<ErrorCase> cases() {
    return Chosen.of(ErrorCase.all());
  }

  @Test
  void hasAtLeastFiftyCasesEachWithItsSource() {
    assertThat(ErrorCase.all())
        .hasSizeGreaterThan(50)
        .allSatisfy(c -> assertThat(c.head().get("from")).startsWith("https://"));
  }

  @CorpusTest
  @MethodSource("cases")
  void tellsTheClientWhatItActsOn(ErrorCase c) {
    Failure failure = translator.translate(c.error(), c.context());

    assertThat(failure.exception().getMessage()).contains(c.text());
    assertThat(failure.exception().type().code()).isEqualTo(c.type());
    assertThat(failure.exception().status()).isEqualTo(c.status());
    var headers = ErrorBody.headers(failure.exception());
    if (c.head().containsKey("x-should-retry")) {
      assertThat(headers).containsEntry("x-should-retry", c.head().get("x-should-retry"));
    }
    assertThat(headers.get("retry-after")).isEqualTo(c.head().get("retry-after"));
  }

  @CorpusTest
  @MethodSource("cases")
  void knowsWhatToDoAboutIt(ErrorCase c) {
    Failure failure = translator.translate(c.error(), c.context());

    if (c.head().containsKey("retry")) {
      assertThat(failure.retryability()).hasToString(c.head().get("retry"));
    }
    if (c.head().containsKey("circuit")) {
      assertThat(String.valueOf(failure.countsAgainstCircuit())).isEqualTo(c.head().get("circuit"));
    }
    if (c.head().containsKey("learns")) {
      assertThat(ErrorCase.learned(failure.quirks())).isEqualTo(c.head().get("learns"));
    }
  }

  @CorpusTest
  @MethodSource("cases")
  void logsNoWordOfTheMessage(ErrorCase c) {
    Failure failure = translator.translate(c.error(), c.context());

    assertThat(failure.loggable())
        .matches("[A-Z_]+ status=\\d+( type=\\S+)?( code=\\S+)?( param=\\S+)?");
    assertThat(failure.loggable()).doesNotContain(c.text());
  }

  /** A client fault neither opens a circuit nor causes a fallback to another upstream. */
  @CorpusTest
  @MethodSource("cases")
  void faultsOfTheRequestStayWhereTheyAre(ErrorCase c) {
    Failure failure = translator.translate(c.error(), c.context());

    if (failure.exception().status() == 400 || failure.exception().status() == 413) {
      assertThat(failure.retryability()).isEqualTo(Retryability.NEVER);
      assertThat(failure.countsAgainstCircuit()).isFalse();
      assertThat(failure.exception().shouldRetry()).isFalse();
    }
  }
}
