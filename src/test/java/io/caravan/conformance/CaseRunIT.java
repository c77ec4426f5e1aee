package io.caravan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.corpus.CorpusCase;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the judge of cases: a stand-in for a gateway sends correct and wrong responses. */
class CaseRunIT {
  private static final List<String> EVENTS =
      List.of(
          "{'type':'message_start','message':{'id':'*','type':'message','role':'assistant','model':'x','content':[],'usage':{'input_tokens':3,'output_tokens':0}}}",
          "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}",
          "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'Hello'}}",
          "{'type':'content_block_stop','index':0}",
          "{'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'output_tokens':2}}",
          "{'type':'message_stop'}");

  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private final ScriptedUpstream gateway = ScriptedUpstream.start();

  @AfterEach
  void close() {
    gateway.close();
    upstream.close();
  }

  @Test
  void passesTheExpectedEventsHoweverTheyAreCut() throws InterruptedException {
    gatewayAnswers(
        sse(EVENTS.get(0).replace("'*'", "'msg_1'"))
            + sse(EVENTS.get(1))
            + sse("{'type':'ping'}")
            + sse(EVENTS.get(2).replace("Hello", "Hel"))
            + sse(EVENTS.get(2).replace("Hello", "lo"))
            + sse(EVENTS.get(3))
            + sse(EVENTS.get(4).replace("2}", "2,'cache_read_input_tokens':0}"))
            + sse(EVENTS.get(5)));
    assertThat(run(expecting(EVENTS)).streamed().faults()).isEmpty();
  }

  @Test
  void takesWhatMeansTheSame() throws InterruptedException {
    gatewayAnswers(
        sse(
                "{'type':'message_start','message':{'id':'m','type':'message','role':'assistant','model':'y','content':[],'stop_reason':null,'stop_sequence':null,'usage':{'input_tokens':99,'output_tokens':1,'cache_read_input_tokens':0}}}")
            + sse(EVENTS.get(1))
            + sse(EVENTS.get(3))
            + sse(EVENTS.get(1).replace("'index':0", "'index':1"))
            + sse(EVENTS.get(2).replace("'index':0", "'index':1"))
            + sse(EVENTS.get(3).replace("'index':0", "'index':1"))
            + sse(
                "{'type':'message_delta','delta':{'stop_reason':'end_turn','stop_sequence':null},'usage':{'output_tokens':2,'server_tool_use':null}}")
            + sse(EVENTS.get(5)));
    assertThat(run(expecting(EVENTS)).streamed().faults()).isEmpty();
  }

  @Test
  void wantsTheUsageTheInputsAndTheTexts() throws InterruptedException {
    gatewayAnswers(stream().replace("\"output_tokens\":2", "\"output_tokens\":0"));
    assertThat(run(expecting(EVENTS)).streamed().faults()).isNotEmpty();
    gatewayAnswers(stream().replace("Hello", "Hell"));
    assertThat(run(expecting(EVENTS)).streamed().faults()).isNotEmpty();
    List<String> calling =
        List.of(
            EVENTS.get(0),
            "{'type':'content_block_start','index':0,'content_block':{'type':'tool_use','id':'*','name':'f','input':{}}}",
            "{'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':'INPUT'}}",
            EVENTS.get(3),
            EVENTS.get(4).replace("end_turn", "tool_use"),
            EVENTS.get(5));
    String called =
        String.join("", calling.stream().map(CaseRunIT::sse).toList())
            .replace("\"*\"", "\"toolu_1\"");
    CorpusCase expected =
        corpusCase(
            calling.stream().map(e -> json(e).replace("INPUT", "{\\\"n\\\":0}")).toList(),
            null,
            null);
    gatewayAnswers(called.replace("INPUT", "{ \\\"n\\\" : 0}"));
    assertThat(run(expected).streamed().faults()).isEmpty();
    // An argument is the client's own: absent, null and zero differ there.
    for (String input : List.of("{}", "{\\\"n\\\":null}", "{\\\"n\\\":1}")) {
      gatewayAnswers(called.replace("INPUT", input));
      assertThat(run(expected).streamed().faults()).as(input).isNotEmpty();
    }
  }

  @Test
  void leavesTheWordsOfAnErrorFreeUnlessClientsActOnThem() throws InterruptedException {
    String body = "{'type':'error','error':{'type':'TYPE','message':'Sorry.'}}";
    gateway.answerElse(request -> Script.json(503, json(body.replace("TYPE", "api_error"))));
    assertThat(run(failing(529, "overloaded_error", "busy")).streamed().faults()).isEmpty();
    assertThat(run(failing(429, "rate_limit_error", "slow down")).whole().faults()).isNotEmpty();
    gateway.answerElse(
        request -> Script.json(400, json(body.replace("TYPE", "invalid_request_error"))));
    assertThat(run(failing(400, "invalid_request_error", "no images")).whole().faults()).isEmpty();
    assertThat(
            run(failing(400, "invalid_request_error", "prompt is too long: 5 tokens > 4 maximum"))
                .whole()
                .faults())
        .isNotEmpty();
  }

  private static CorpusCase failing(int status, String type, String words) {
    return corpusCase(null, new CorpusCase.Failure(status, type, words), null);
  }

  @Test
  void takesAnUpstreamRequestOfTheSameMeaning() throws InterruptedException {
    String expected =
        "{'model':'any','stream':true,'max_tokens':5,'messages':[{'role':'user','content':'a\\n\\nb'}]}";
    gateway.answerElse(
        request -> {
          askUpstream(
              "{'model':'m','stream':true,'stream_options':{'include_usage':true},'max_completion_tokens':5,'tool_choice':'auto','user':null,'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}]}");
          return Script.stream(stream());
        });
    assertThat(run(corpusCase(null, null, expected)).streamed().faults()).isEmpty();
    assertThat(run(corpusCase(null, null, expected.replace("nb", "nc"))).streamed().faults())
        .singleElement()
        .asString()
        .contains("content");
  }

  @Test
  void tellsWhatDiffers() throws InterruptedException {
    gatewayAnswers(stream().replace("end_turn", "max_tokens"));
    assertThat(run(expecting(EVENTS)).streamed().faults())
        .singleElement()
        .asString()
        .contains("stop_reason", "end_turn", "max_tokens");
  }

  @Test
  void tellsOfAnEventWithoutItsName() throws InterruptedException {
    gatewayAnswers(stream().replace("event: content_block_stop\n", ""));
    assertThat(run(expecting(EVENTS)).streamed().faults())
        .singleElement()
        .asString()
        .startsWith("event: null carries");
  }

  @Test
  void tellsOfAMissingEnd() throws InterruptedException {
    gatewayAnswers(stream().replaceAll("(?s)event: message_stop.*", ""));
    assertThat(run(expecting(EVENTS)).streamed().faults())
        .containsExactly("the last event is message_delta");
  }

  @Test
  void comparesAWholeMessageWithWhatTheEventsAddUpTo() throws InterruptedException {
    String message =
        json(
            "{'id':'msg_1','type':'message','role':'assistant','model':'y','content':[{'type':'text','text':'Hello'}],'stop_reason':'end_turn','stop_sequence':null,'usage':{'input_tokens':3,'output_tokens':2}}");
    gateway.answerElse(request -> Script.json(200, message));
    assertThat(run(expecting(EVENTS)).whole().faults()).isEmpty();
    gateway.answerElse(request -> Script.json(200, message.replace("Hello", "Hallo")));
    assertThat(run(expecting(EVENTS)).whole().faults())
        .singleElement()
        .asString()
        .contains("Hallo");
  }

  @Test
  void wantsTheStatusTypeAndWordsOfAnError() throws InterruptedException {
    CorpusCase failing =
        corpusCase(null, new CorpusCase.Failure(400, "invalid_request_error", "too long"), null);
    gateway.answerElse(
        request ->
            Script.json(
                400,
                json(
                    "{'type':'error','error':{'type':'invalid_request_error','message':'prompt is too long: 5'}}")));
    assertThat(run(failing).streamed().faults()).isEmpty();
    assertThat(run(failing).whole().faults()).isEmpty();
    gatewayAnswers(stream());
    assertThat(run(failing).streamed().faults()).singleElement().asString().contains("status 400");
  }

  @Test
  void anErrorEventIsAnErrorStatusWithoutStreaming() throws InterruptedException {
    CorpusCase failing =
        expecting(
            List.of(EVENTS.get(0), "{'type':'error','error':{'type':'api_error','message':'*'}}"));
    gateway.answerElse(
        request ->
            Script.json(
                500, json("{'type':'error','error':{'type':'api_error','message':'died'}}")));
    assertThat(run(failing).whole().faults()).isEmpty();
    gateway.answerElse(request -> Script.json(200, json("{'type':'message'}")));
    assertThat(run(failing).whole().faults()).isNotEmpty();
  }

  @Test
  void looksAtWhatTheUpstreamWasAsked() throws InterruptedException {
    gateway.answerElse(
        request -> {
          askUpstream(request);
          return Script.stream(stream());
        });
    CorpusCase asking = corpusCase(null, null, "{'model':'any','stream':true,'max_tokens':5}");
    assertThat(run(asking).streamed().faults())
        .singleElement()
        .asString()
        .contains("upstream request", "max_tokens");
  }

  @Test
  void doesNotJudgeAGatewayThatAsksTheUpstreamForNoStream() throws InterruptedException {
    gateway.answerElse(
        request -> {
          askUpstream(request);
          return Script.json(200, "{}");
        });
    assertThat(run(expecting(EVENTS)).whole().judged()).isFalse();
  }

  private CaseRun run(CorpusCase corpusCase) {
    Gateway target = new Gateway("http://127.0.0.1:" + gateway.port(), "key");
    return new CaseRun(corpusCase, upstream, target, "nim/{case}", 0);
  }

  private void gatewayAnswers(String body) {
    gateway.answerElse(request -> Script.stream(body));
  }

  /** Passes the mode through, as a gateway does, and requests six tokens. */
  private void askUpstream(ReceivedRequest request) {
    String body =
        "{\"model\":\"m\",\"max_tokens\":6,\"stream\":"
            + request.text().contains("\"stream\":true")
            + "}";
    askUpstream(body);
  }

  private void askUpstream(String request) {
    String body = json(request);
    try {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(upstream.url() + "/chat/completions"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CorpusCase expecting(List<String> events) {
    return corpusCase(events.stream().map(CaseRunIT::json).toList(), null, null);
  }

  private static CorpusCase corpusCase(
      List<String> events, CorpusCase.Failure error, String upstreamRequest) {
    return new CorpusCase(
        "group",
        "name",
        "title",
        "from",
        Map.of(),
        null,
        upstreamRequest == null ? null : json(upstreamRequest),
        List.of(
            new CorpusCase.Answer(
                200, "text/event-stream", Chunks.DONE.getBytes(StandardCharsets.UTF_8), false)),
        events,
        error,
        null);
  }

  private static String stream() {
    StringBuilder stream = new StringBuilder();
    EVENTS.forEach(event -> stream.append(sse(event)));
    return stream.toString();
  }

  private static String sse(String event) {
    String name = event.replaceFirst("^\\{'type':'(\\w+)'.*", "$1");
    return "event: " + name + "\ndata: " + json(event) + "\n\n";
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
