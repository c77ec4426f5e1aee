package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import io.caravan.openai.Chunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Checks that no text is lost and that the cuts between chunks make no difference. */
class MarkupPropertiesTest {
  private static final List<String> PROSE =
      List.of(
          "a",
          " ",
          "\n",
          "\n\n",
          ". ",
          ": ",
          "word ",
          "é😀",
          "`",
          "```",
          "```\n",
          "\"",
          "●",
          "● ",
          "<",
          "<|",
          "]",
          "[",
          "{",
          "}",
          "</",
          "~~~\n",
          "analysis",
          "assistantfinal",
          "日本");

  static final List<String> MARKUP = markup();

  static final MarkupSettings SETTINGS = settings();

  /** Declares all tools of the corpus but one, so that some calls are of an undeclared tool. */
  private static MarkupSettings settings() {
    Map<String, RawJson> tools = new HashMap<>();
    MarkupCase.all().forEach(example -> tools.putAll(example.tools()));
    tools.remove("Glob");
    return new MarkupSettings(MarkupSettings.allFamilies(), tools, null);
  }

  /** Returns every text of the corpus, and every token alone. */
  private static List<String> markup() {
    List<String> all = new ArrayList<>();
    for (MarkupCase example : MarkupCase.all()) {
      for (Chunk chunk : Streams.joined(example.chunks())) {
        all.add(chunk.content() + chunk.reasoning());
      }
    }
    MarkupFamilies.named(MarkupSettings.allFamilies(), List.of())
        .forEach(family -> family.markers().forEach(marker -> all.add(marker.text())));
    return all.stream().filter(text -> !text.isEmpty()).distinct().collect(Collectors.toList());
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> tail =
        Arbitraries.of(MARKUP)
            .flatMap(text -> Arbitraries.integers().between(1, text.length()).map(text::substring));
    Arbitrary<String> cutOff =
        Arbitraries.of(MARKUP)
            .flatMap(
                text ->
                    Arbitraries.integers()
                        .between(0, text.length())
                        .map(end -> text.substring(0, end)));
    Arbitrary<String> piece =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of(PROSE)),
            Tuple.of(4, Arbitraries.of(MARKUP)),
            Tuple.of(1, tail),
            Tuple.of(1, cutOff));
    return piece.list().ofMaxSize(8).map(pieces -> String.join("", pieces));
  }

  @Property(tries = 1000)
  void losesNothing(@ForAll("texts") String answer, @ForAll("texts") String thought) {
    MarkupRecovery recovery = new MarkupRecovery(SETTINGS);
    Transcript transcript = Streams.run(recovery, chunks(thought, answer, new Random(1), 1000));
    String out = transcript.thinking() + transcript.text();

    assertThat(out.length() + recovery.charactersTaken())
        .isEqualTo(thought.length() + answer.length());
    assertThat(isSubsequence(transcript.blocks(), thought + answer)).isTrue();
    if (transcript.calls().isEmpty() && recovery.charactersTaken() == 0) {
      assertThat(out).isEqualTo(thought + answer);
    }
  }

  @Property(tries = 1000)
  void thePiecesMakeNoDifference(
      @ForAll("texts") String answer, @ForAll("texts") String thought, @ForAll long seed) {
    Transcript whole =
        Streams.run(
            new MarkupRecovery(SETTINGS), chunks(thought, answer, new Random(seed), 100_000));
    for (int longest : new int[] {1, 3, 12}) {
      Transcript cut =
          Streams.run(
              new MarkupRecovery(SETTINGS), chunks(thought, answer, new Random(seed), longest));
      assertThat(cut.blocks()).isEqualTo(whole.blocks());
    }
  }

  @Property(tries = 500)
  void withoutADeclaredToolNoCallComesOut(@ForAll("texts") String answer) {
    MarkupSettings settings =
        new MarkupSettings(
            MarkupSettings.allFamilies(), Map.of("another_tool", RawJson.of("{}")), null);
    Transcript transcript =
        Streams.run(
            new MarkupRecovery(settings), List.of(Streams.content(answer), Streams.finish("stop")));

    assertThat(transcript.calls()).isEmpty();
  }

  private static List<Chunk> chunks(String thought, String answer, Random random, int longest) {
    List<Chunk> chunks = new ArrayList<>();
    pieces(thought, random, longest).forEach(piece -> chunks.add(Streams.reasoning(piece)));
    pieces(answer, random, longest).forEach(piece -> chunks.add(Streams.content(piece)));
    chunks.add(Streams.finish("stop"));
    // The tokens may be words in half of them only: those are from a gpt-oss.
    return answer.length() % 2 == 0 ? chunks : Streams.from("gpt-oss-120b", chunks);
  }

  private static List<String> pieces(String text, Random random, int longest) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(longest));
      end = longest >= 1000 ? text.length() : end;
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private static boolean isSubsequence(List<Transcript.Block> blocks, String input) {
    int at = 0;
    for (Transcript.Block block : blocks) {
      if (block.kind().equals("call")) {
        continue;
      }
      for (int i = 0; i < block.text().length(); i++) {
        at = input.indexOf(block.text().charAt(i), at) + 1;
        if (at == 0) {
          return false;
        }
      }
    }
    return true;
  }
}
