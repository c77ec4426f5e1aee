package io.caravan.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChosenTest {
  private static final Path FIRST = CorpusFiles.of("markup").get(0);

  private record File(Path file) implements Case {}

  private static final List<File> MARKUP =
      CorpusFiles.of("markup").stream().map(File::new).toList();

  @Test
  void allAreTriedWhereNoneIsNamed() {
    assertThat(Chosen.of(MARKUP, "")).isEqualTo(MARKUP);
  }

  @Test
  void aCaseIsNamedByItsGroupAndItsName() {
    assertThat(Chosen.of(MARKUP, "markup/" + CorpusFiles.name(FIRST)))
        .contains(new File(FIRST))
        .hasSizeLessThan(MARKUP.size());
  }

  @Test
  void aFamilyIsNamedByTheBeginningOfItsCases() {
    assertThat(Chosen.of(MARKUP, "markup/glm-"))
        .hasSizeGreaterThan(1)
        .hasSizeLessThan(MARKUP.size())
        .allSatisfy(each -> assertThat(each.id()).startsWith("markup/glm-"));
  }

  @Test
  void anotherGroupsCaseLeavesNone() {
    assertThat(Chosen.of(MARKUP, "stream/")).isEmpty();
  }

  @Test
  void aNameThatNoCaseHasIsAnError() {
    assertThatThrownBy(() -> Chosen.of(MARKUP, "markup/gml-"))
        .hasMessageContaining("-Dcase=markup/gml-");
  }
}
