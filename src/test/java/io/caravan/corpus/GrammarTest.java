package io.caravan.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrammarTest {
  private static final String START =
      "{'type':'message_start','message':{'id':'m','role':'assistant','content':[],'usage':{'input_tokens':1}}}";
  private static final String TEXT_0 =
      "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}";
  private static final String TEXT_1 =
      "{'type':'content_block_start','index':1,'content_block':{'type':'text','text':''}}";
  private static final String TOOL_0 =
      "{'type':'content_block_start','index':0,'content_block':{'type':'tool_use','id':'t','name':'Bash','input':{}}}";
  private static final String SAYS_0 =
      "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'Hi'}}";
  private static final String STOP_0 = "{'type':'content_block_stop','index':0}";
  private static final String END =
      "{'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'output_tokens':1}}";
  private static final String STOP = "{'type':'message_stop'}";
  private static final String PING = "{'type':'ping'}";
  private static final String ERROR =
      "{'type':'error','error':{'type':'api_error','message':'broken'}}";

  @Test
  void acceptsAWholeMessageWithPings() {
    assertThat(check(START, PING, TEXT_0, SAYS_0, PING, STOP_0, END, PING, STOP)).isEmpty();
  }

  @Test
  void acceptsAMessageWithoutBlocks() {
    assertThat(check(START, END, STOP)).isEmpty();
  }

  @Test
  void acceptsAnErrorInsideABlockAsTheEnd() {
    assertThat(check(START, TEXT_0, SAYS_0, ERROR)).isEmpty();
  }

  @Test
  void acceptsAToolCallWithOneEmptyInputDelta() {
    assertThat(check(START, TOOL_0, input(""), STOP_0, END, STOP)).isEmpty();
  }

  @Test
  void refusesAnythingAfterTheEnd() {
    assertThat(check(START, END, STOP, PING)).containsExactly("ping after message_stop");
    assertThat(check(START, ERROR, STOP)).contains("message_stop after error");
  }

  @Test
  void refusesAStreamThatJustEnds() {
    assertThat(check(START, TEXT_0, SAYS_0))
        .containsExactly("the last event is content_block_delta");
    assertThat(check()).containsExactly("the last event is nothing");
  }

  @Test
  void refusesASecondStart() {
    assertThat(check(START, START, END, STOP)).containsExactly("message_start after message_start");
  }

  @Test
  void refusesABlockInsideABlock() {
    assertThat(check(START, TEXT_0, TEXT_1, "{'type':'content_block_stop','index':1}", END, STOP))
        .containsExactly("a block starts inside another");
  }

  @Test
  void refusesIndexesThatAreNotDense() {
    assertThat(check(START, TEXT_1, "{'type':'content_block_stop','index':1}", END, STOP))
        .contains("index 1 is not next");
  }

  @Test
  void refusesADeltaOfAnotherKind() {
    assertThat(check(START, TEXT_0, input("{}"), STOP_0, END, STOP))
        .containsExactly("input_json_delta in a block of text");
  }

  @Test
  void refusesADeltaOutsideABlock() {
    assertThat(check(START, SAYS_0, END, STOP)).contains("a delta outside a block");
  }

  @Test
  void refusesAToolCallThatIsNoObject() {
    assertThat(check(START, TOOL_0, input("{\"a\":"), STOP_0, END, STOP))
        .containsExactly("a tool call's input is no JSON object: {\"a\":");
    assertThat(check(START, TOOL_0, STOP_0, END, STOP))
        .containsExactly("a tool call without an input_json_delta");
  }

  @Test
  void acceptsACallThatIsHalfThereWhereTheAnswerWasCutOff() {
    String cut = END.replace("end_turn", "max_tokens");
    assertThat(check(START, TOOL_0, input("{\"a\":"), STOP_0, cut, STOP)).isEmpty();
  }

  @Test
  void refusesAnEndInsideABlock() {
    assertThat(check(START, TEXT_0, END, STOP)).containsExactly("message_delta inside a block");
  }

  @Test
  void refusesAnUnknownStopReason() {
    assertThat(check(START, END.replace("end_turn", "stop"), STOP))
        .containsExactly("stop_reason stop");
  }

  private static String input(String json) {
    return "{'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':'"
        + json.replace("\"", "\\\"")
        + "'}}";
  }

  private static List<String> check(String... events) {
    List<JsonNode> parsed =
        Arrays.stream(events).map(event -> JsonMatch.parse(event.replace('\'', '"'))).toList();
    List<String> faults = new ArrayList<>();
    Grammar.check(parsed, faults);
    return faults;
  }
}
