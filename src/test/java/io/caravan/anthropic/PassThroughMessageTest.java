package io.caravan.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassThroughMessageTest {
  private static final List<String> EVENTS =
      List.of(
          "{'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant','model':'m',"
              + "'content':[],'stop_reason':null,'usage':{'input_tokens':10,'output_tokens':1}}}",
          "{'type':'content_block_start','index':0,'content_block':{'type':'thinking','thinking':'','signature':''}}",
          "{'type':'ping'}",
          "{'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'Hm, '}}",
          "{'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'well'}}",
          "{'type':'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'abc'}}",
          "{'type':'content_block_stop','index':0}",
          "{'type':'content_block_start','index':1,'content_block':{'type':'text','text':''}}",
          "{'type':'content_block_delta','index':1,'delta':{'type':'text_delta','text':'Look'}}",
          "{'type':'content_block_delta','index':1,'delta':{'type':'citations_delta','citation':{'cited_text':'a'}}}",
          "{'type':'content_block_delta','index':1,'delta':{'type':'citations_delta','citation':{'cited_text':'b'}}}",
          "{'type':'content_block_stop','index':1}",
          "{'type':'content_block_start','index':2,'content_block':{'type':'tool_use','id':'t1','name':'Bash','input':{}}}",
          "{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'{`command'}}",
          "{'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'`:`ls`}'}}",
          "{'type':'content_block_stop','index':2}",
          "{'type':'message_delta','delta':{'stop_reason':'tool_use'},'usage':{'output_tokens':7}}",
          "{'type':'message_stop'}");

  private static PassThroughMessage of(List<String> events, long maxSize) {
    PassThroughMessage message = new PassThroughMessage(maxSize);
    events.forEach(event -> message.accept(json(event)));
    return message;
  }

  private static RawJson json(String event) {
    return RawJson.of(event.replace('\'', '"').replace("`", "\\\""));
  }

  @Test
  void isTheMessageThatTheEventsTell() {
    byte[] message = of(EVENTS, 10_000).json("claude");

    assertThat(new String(message, StandardCharsets.UTF_8))
        .isEqualTo(
            ("{'id':'msg_1','type':'message','role':'assistant','model':'claude','content':["
                    + "{'type':'thinking','thinking':'Hm, well','signature':'abc'},"
                    + "{'type':'text','text':'Look','citations':[{'cited_text':'a'},{'cited_text':'b'}]},"
                    + "{'type':'tool_use','id':'t1','name':'Bash','input':{'command':'ls'}}],"
                    + "'stop_reason':'tool_use','usage':{'input_tokens':10,'output_tokens':7}}")
                .replace('\'', '"'));
  }

  @Test
  void isNoneBeforeItsEnd() {
    assertThat(of(EVENTS.subList(0, EVENTS.size() - 1), 10_000).json("claude")).isNull();
  }

  @Test
  void isNoneWhereItIsTooLarge() {
    assertThat(of(EVENTS, 1_000).json("claude")).isNull();
  }

  @Test
  void isNoneWhereAnEventIsNotUnderstood() {
    for (int i = 0; i < EVENTS.size(); i++) {
      List<String> spoilt = new java.util.ArrayList<>(EVENTS);
      spoilt.set(i, "{'type':'content_block_delta','index':0,'delta':'no object'}");

      assertThat(of(spoilt, 10_000).json("claude")).isNull();
    }
    assertThat(of(EVENTS.subList(1, EVENTS.size()), 10_000).json("claude")).isNull();
  }
}
