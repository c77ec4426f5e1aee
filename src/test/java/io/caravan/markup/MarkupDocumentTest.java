package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarkupDocumentTest {
  @Test
  void aFurtherFamilyIsReadByItsStrings() {
    MarkupDocument document = new MarkupDocument();
    document.setName("mine");
    document.setOpen("<<calls>>");
    document.setClose("<</calls>>");
    document.setCall("<<run '{name}'>>{arguments}<</run>>");
    document.setArgument("<<set {key}>>{value}<</set>>");
    String call = "<<run 'Read'>><<set file_path>>a<</set>> <<set limit>>3<</set>><</run>>";

    Transcript transcript = run(document, "I look.\n<<calls>>\n" + call + "\n<</calls>>");

    assertThat(transcript.calls()).containsExactly("Read {\"file_path\":\"a\",\"limit\":3}");
    assertThat(transcript.text()).isEqualTo("I look.\n");
  }

  @Test
  void aFurtherFamilyMayHaveItsArgumentsAsJson() {
    MarkupDocument document = new MarkupDocument();
    document.setName("mine");
    document.setCall("<<{name}>>{arguments}<<end>>");

    Transcript transcript = run(document, "<<Read>> {\"file_path\":\"a\"} <<end>>");

    assertThat(transcript.calls()).containsExactly("Read {\"file_path\":\"a\"}");
  }

  @Test
  void aDocumentThatSaysTooLittleIsRefusedWithTheReason() {
    MarkupDocument document = new MarkupDocument();
    document.setName("mine");
    assertRefused(document, "needs a call or a thinkOpen");

    document.setCall("{calls}");
    assertRefused(document, "needs an opening for {calls}");

    document.setCall("<run>{arguments}</run>");
    assertRefused(document, "needs {name} or {calls}");

    document.setCall("<run {name}>{arguments}</run>");
    document.setArgument("<set>{value}</set>");
    assertRefused(document, "needs {key} and {value}");

    document.setArgument("");
    document.setThinkOpen("<hm>");
    assertRefused(document, "needs both thinkOpen and thinkClose");
  }

  @Test
  void eachBundledDocumentCanBeUsed() {
    assertThat(MarkupDocument.bundled()).isNotEmpty().allSatisfy(MarkupDocument::check);
    assertThat(MarkupDocument.bundled())
        .extracting(MarkupDocument::getName)
        .doesNotHaveDuplicates();
  }

  private static void assertRefused(MarkupDocument document, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(document::check)
        .withMessageContaining("mine")
        .withMessageContaining(reason);
  }

  private static Transcript run(MarkupDocument document, String text) {
    MarkupSettings settings =
        new MarkupSettings(Set.of("hermes"), List.of(document), Streams.TOOLS, null);
    return Streams.run(
        new MarkupRecovery(settings), List.of(Streams.content(text), Streams.finish("stop")));
  }
}
