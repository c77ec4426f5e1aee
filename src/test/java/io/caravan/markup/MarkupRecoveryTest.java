package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.caravan.openai.Chunk;
import io.caravan.openai.ToolCallDelta;
import io.caravan.openai.UpstreamError;
import io.caravan.openai.UpstreamUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarkupRecoveryTest {
  private static final String READ =
      "<tool_call>{\"name\":\"Read\",\"arguments\":{\"file_path\":\"a\"}}</tool_call>";
  private static final String KIMI =
      "<|tool_call_begin|>functions.Read:7<|tool_call_argument_begin|>{\"file_path\":\"a\"}"
          + "<|tool_call_end|>";
  private static final String BARE_READ =
      "<function=Read><parameter=file_path>a</parameter></function>";

  private final MarkupRecovery recovery = Streams.recovery();

  @Test
  void ordinaryTextGoesOutAsTheSameChunks() {
    for (String text : List.of("If a < b, ", "see [1] ", ":\n\n", "- `x<y>`\n", "é")) {
      Chunk chunk = Streams.content(text);
      assertThat(recovery.accept(chunk)).singleElement().isSameAs(chunk);
    }
    Chunk last = Streams.finish("stop");
    assertThat(recovery.accept(last)).singleElement().isSameAs(last);
    assertThat(recovery.end()).isEmpty();
  }

  @Test
  void onlyWhatMayBecomeATokenWaits() {
    List<Chunk> out = recovery.accept(Streams.content("If a <"));
    assertThat(Transcript.of(out).text()).isEqualTo("If a ");

    out = recovery.accept(Streams.content("= b"));
    assertThat(Transcript.of(out).text()).isEqualTo("<= b");
  }

  @Test
  void textIsNotHeldBackWhereNoTokenCanBegin() {
    String text = "Line one.\nLine two with code:\n```\n<tool_call>\n[TOOL_CALLS]\n```\nEnd.";
    for (int i = 0; i < text.length(); i++) {
      Chunk chunk = Streams.content(text.substring(i, i + 1));
      assertThat(recovery.accept(chunk)).singleElement().isSameAs(chunk);
    }
  }

  @Test
  void withoutToolsOrFamiliesNothingIsLookedAt() {
    Chunk chunk = Streams.content(READ);
    MarkupSettings noTools = new MarkupSettings(MarkupSettings.allFamilies(), Map.of(), null);
    MarkupSettings off = new MarkupSettings(Set.of(), Streams.TOOLS, null);

    assertThat(new MarkupRecovery(noTools).accept(chunk)).singleElement().isSameAs(chunk);
    assertThat(new MarkupRecovery(off).accept(chunk)).singleElement().isSameAs(chunk);
  }

  @Test
  void aFamilyThatIsSwitchedOffIsText() {
    MarkupSettings settings = new MarkupSettings(Set.of("kimi"), Streams.TOOLS, null);
    List<Chunk> chunks = List.of(Streams.content(READ + "\n" + KIMI), Streams.finish("stop"));
    Transcript transcript = Streams.run(new MarkupRecovery(settings), chunks);

    assertThat(transcript.text()).isEqualTo(READ + "\n");
    assertThat(transcript.calls()).hasSize(1);
  }

  @Test
  void anUnknownFamilyIsRefusedWithTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MarkupSettings(Set.of("klingon"), Streams.TOOLS, null))
        .withMessageContaining("klingon")
        .withMessageContaining("minimax-m3");
  }

  @Test
  void aCallGoesOutWithTheFinishReasonAndLeavesItAsItIs() {
    UpstreamUsage usage = new UpstreamUsage(1, 2, 3, -1, -1, -1);
    Chunk last = new Chunk("c1", "m", "", "", null, null, List.of(), "stop", null, usage, null);

    assertThat(recovery.accept(Streams.content(READ))).isEmpty();
    List<Chunk> out = recovery.accept(last);

    assertThat(out).hasSize(1);
    Chunk chunk = out.get(0);
    assertThat(chunk.finishReason()).isEqualTo("stop");
    assertThat(chunk.usage()).isEqualTo(usage);
    assertThat(chunk.toolCalls())
        .containsExactly(new ToolCallDelta(0, null, "Read", "{\"file_path\":\"a\"}"));
    assertThat(recovery.end()).isEmpty();
  }

  @Test
  void aCallGoesOutAtTheEndOfAStreamWithoutFinishReason() {
    recovery.accept(Streams.content(READ));
    List<Chunk> out = recovery.end();

    assertThat(out).hasSize(1);
    assertThat(out.get(0).id()).isEqualTo("c1");
    assertThat(out.get(0).model()).isEqualTo("test-model");
    assertThat(out.get(0).finishReason()).isNull();
    assertThat(out.get(0).toolCalls()).hasSize(1);
  }

  @Test
  void textAndCallsComeBeforeAnError() {
    UpstreamError error = new UpstreamError(500, "server_error", null, "gone", null);
    Chunk failed = new Chunk(null, null, "", "", null, null, List.of(), null, null, null, error);

    List<Chunk> out = new ArrayList<>(recovery.accept(Streams.content(READ + "<tool_call>{\"na")));
    out.addAll(recovery.accept(failed));

    assertThat(out).hasSize(3);
    assertThat(out.get(0).content()).isEqualTo("<tool_call>{\"na");
    assertThat(out.get(1).toolCalls()).hasSize(1);
    assertThat(out.get(2).error()).isEqualTo(error);
    assertThat(out.get(2).toolCalls()).isEmpty();
  }

  @Test
  void recoveredCallsTakeIndexesBehindTheUpstreamsOwn() {
    ToolCallDelta own = new ToolCallDelta(2, "x", "Bash", "{\"command\":\"ls\"}");
    Chunk chunk = new Chunk("c", "m", READ, "", null, null, List.of(own), "stop", null, null, null);

    assertThat(Streams.run(recovery, List.of(chunk)).indexes()).containsExactly(2, 3);
  }

  @Test
  void anUpstreamWithoutIndexesKeepsItsCallsApartFromTheRecovered() {
    ToolCallDelta first = new ToolCallDelta(null, "x", "Bash", "{\"command\":\"a\"}");
    ToolCallDelta second = new ToolCallDelta(null, "y", "Bash", "{\"command\":\"b\"}");
    Chunk calls =
        new Chunk("c", "m", "", "", null, null, List.of(first, second), null, null, null, null);
    recovery.accept(calls);
    List<Chunk> out = recovery.accept(Streams.content(READ));
    out = new ArrayList<>(out);
    out.addAll(recovery.accept(Streams.finish("tool_calls")));

    assertThat(out.get(out.size() - 1).toolCalls())
        .extracting(ToolCallDelta::index)
        .containsExactly(2);
  }

  @Test
  void theIdInTheMarkupIsKept() {
    Transcript transcript =
        Streams.run(recovery, List.of(Streams.content(KIMI), Streams.finish("stop")));

    assertThat(transcript.id(0)).isEqualTo("functions.Read:7");
  }

  @Test
  void countsWhatItFound() {
    ToolCallDelta own = new ToolCallDelta(0, "x", "Read", "{ \"file_path\" : \"b\" }");
    String text = KIMI + READ + READ.replace("\"a\"", "\"b\"") + READ.replace("Read", "Nope");
    Chunk chunk = new Chunk("c", "m", text, "", null, null, List.of(own), "stop", null, null, null);
    Transcript transcript = Streams.run(recovery, List.of(chunk));

    assertThat(recovery.recovered()).isEqualTo(Map.of("hermes", 1, "kimi", 1));
    assertThat(recovery.duplicates()).isEqualTo(1);
    assertThat(recovery.givenUp()).isEqualTo(1);
    assertThat(recovery.charactersTaken()).isEqualTo(text.length() - transcript.text().length());
  }

  @Test
  void markupThatIsTooLongGoesOutAsTextAndNothingInItIsACall() {
    MarkupSettings settings = new MarkupSettings(MarkupSettings.allFamilies(), Streams.TOOLS, null);
    MarkupRecovery small = new MarkupRecovery(settings, 200);
    String text =
        "<tool_call>\n<function=Write>\n<parameter=content>\n"
            + "x".repeat(300)
            + "\n"
            + READ
            + "\n</parameter>\n</function>\n</tool_call>";
    int held = 0;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      held++;
      for (Chunk chunk : small.accept(Streams.content(text.substring(i, i + 1)))) {
        out.append(chunk.content());
        held -= chunk.content().length();
      }
      assertThat(held).isLessThanOrEqualTo(200);
    }

    assertThat(out).hasToString(text);
    assertThat(small.accept(Streams.finish("stop")).get(0).toolCalls()).isEmpty();
    assertThat(small.givenUp()).isEqualTo(1);
  }

  @Test
  void markupDoesNotGoOnFromTheReasoningIntoTheAnswer() {
    Transcript transcript =
        Streams.run(
            recovery,
            List.of(
                Streams.reasoning("<tool_call>{\"name\":\"Read\","),
                Streams.content("\"arguments\":{}}</tool_call>"),
                Streams.finish("stop")));

    assertThat(transcript.thinking()).isEqualTo("<tool_call>{\"name\":\"Read\",");
    assertThat(transcript.text()).isEqualTo("\"arguments\":{}}</tool_call>");
    assertThat(transcript.calls()).isEmpty();
  }

  @Test
  void aCallThatIsThoughtOfBeforeAnotherOneIsMadeStaysAThought() {
    ToolCallDelta own = new ToolCallDelta(0, "x", "Read", "{\"file_path\":\"b\"}");
    Chunk call =
        new Chunk("c", "m", "", "", null, null, List.of(own), "tool_calls", null, null, null);
    Transcript transcript = Streams.run(recovery, List.of(Streams.reasoning(READ), call));

    assertThat(transcript.thinking()).isEqualTo(READ);
    assertThat(transcript.calls()).containsExactly("Read {\"file_path\":\"b\"}");
  }

  @Test
  void aHeadBehindACallThatWasNoneStillSaysWhoseTextFollows() {
    String head = "<|channel|>analysis<|message|>";
    Transcript transcript =
        Streams.run(
            recovery, List.of(Streams.content(BARE_READ + head + "Hm."), Streams.finish("stop")));

    assertThat(transcript.calls()).isEmpty();
    assertThat(transcript.text()).isEqualTo(BARE_READ);
    assertThat(transcript.thinking()).isEqualTo("Hm.");
    assertThat(recovery.charactersTaken()).isEqualTo(head.length());
  }

  @Test
  void aBareTagBesideAnotherCallOfTheUpstreamIsAnExample() {
    ToolCallDelta own = new ToolCallDelta(0, "x", "Read", "{\"file_path\":\"b\"}");
    Chunk call =
        new Chunk("c", "m", "", "", null, null, List.of(own), "tool_calls", null, null, null);
    Transcript transcript = Streams.run(recovery, List.of(Streams.content(BARE_READ), call));

    assertThat(transcript.text()).isEqualTo(BARE_READ);
    assertThat(transcript.calls()).containsExactly("Read {\"file_path\":\"b\"}");
  }

  @Test
  void aBareTagBesideTheSameCallOfTheUpstreamIsThatCall() {
    ToolCallDelta own = new ToolCallDelta(0, "x", "Read", "{\"file_path\":\"a\"}");
    Chunk call =
        new Chunk("c", "m", "", "", null, null, List.of(own), "tool_calls", null, null, null);
    Transcript transcript = Streams.run(recovery, List.of(Streams.content(BARE_READ), call));

    assertThat(transcript.text()).isEmpty();
    assertThat(transcript.calls()).containsExactly("Read {\"file_path\":\"a\"}");
  }

  @Test
  void theOtherFieldsOfAChunkSurvive() {
    Chunk chunk =
        new Chunk("c", "m", READ + "bye", "hm", "[{}]", "no", List.of(), "stop", "END", null, null);
    List<Chunk> out = recovery.accept(chunk);
    Chunk last = out.get(out.size() - 1);

    assertThat(last.reasoningDetails()).isEqualTo("[{}]");
    assertThat(last.refusal()).isEqualTo("no");
    assertThat(last.stopSequence()).isEqualTo("END");
    assertThat(Transcript.of(out).thinking()).isEqualTo("hm");
    assertThat(Transcript.of(out).text()).isEqualTo("bye");
  }

  @Test
  void quotedTokensAreProse() {
    for (String quoted : List.of("\"" + KIMI + "\"", "“" + READ + "”", "`" + READ + "`")) {
      assertThat(Streams.answer("It wrote " + quoted + " yesterday.").text())
          .isEqualTo("It wrote " + quoted + " yesterday.");
    }
  }

  @Test
  void aTagBehindAWordIsProseAndBehindASentenceACall() {
    assertThat(Streams.answer("then write " + READ).calls()).isEmpty();
    assertThat(Streams.answer("Now I read it: " + READ).calls()).hasSize(1);
    assertThat(Streams.answer("现在读取文件" + READ).calls()).hasSize(1);
    assertThat(Streams.answer("…so be it.</think>" + READ).calls()).hasSize(1);
  }

  @Test
  void aCallWhoseNameHoldsArgumentsThatCannotBeReadFails() {
    ToolCallDelta delta =
        new ToolCallDelta(0, "x", "Read<arg_key>file_path</arg_key><arg_value>/srv", "{}");
    Chunk call = new Chunk("c", "m", "", "", null, null, List.of(delta), null, null, null, null);

    List<Chunk> out = new ArrayList<>(recovery.accept(call));
    out.addAll(recovery.accept(Streams.finish("tool_calls")));

    assertThat(out).flatExtracting(Chunk::toolCalls).allMatch(d -> d.arguments().isEmpty());
    assertThat(out.get(out.size() - 1).error()).isNotNull();
    assertThat(out).allMatch(chunk -> chunk.finishReason() == null);
  }

  @Test
  void aWholeAnswerThatCanBeNoCallIsNotHeldBack() {
    for (String text :
        List.of("{\"files\"", "[link](x) ", "```json\n{\"a\"", "{\"name\": \"Ada\"", "[1, 2")) {
      assertThat(Transcript.of(Streams.recovery().accept(Streams.content(text))).text())
          .isEqualTo(text);
    }
  }

  @Test
  void aWholeAnswerBehindTextOrBesideOtherCallsIsText() {
    String call = "{\"name\":\"Read\",\"arguments\":{\"file_path\":\"a\"}}";
    ToolCallDelta own = new ToolCallDelta(0, "x", "Read", "{\"file_path\":\"b\"}");
    Chunk calls =
        new Chunk("c", "m", "", "", null, null, List.of(own), "tool_calls", null, null, null);

    assertThat(Streams.run(Streams.recovery(), List.of(Streams.content(call), calls)).text())
        .isEqualTo(call);
    assertThat(
            Streams.run(
                    Streams.recovery(),
                    List.of(
                        Streams.content("So:"),
                        Streams.reasoning("Hm."),
                        Streams.content(call),
                        Streams.finish("stop")))
                .calls())
        .isEmpty();
  }
}
