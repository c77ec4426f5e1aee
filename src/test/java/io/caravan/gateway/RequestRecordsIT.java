package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.observe.RequestRecord;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Records;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compares the record of each request with what the client and the upstream have seen of it. */
@Timeout(60)
class RequestRecordsIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAMED = HI.replace("{\"model", "{\"stream\":true,\"model");
  private static final String BUSY = "{\"error\":{\"message\":\"busy\"}}";

  private ScriptedUpstream upstream;
  private Gateway gateway;
  private Records records;

  @BeforeEach
  void prepare() {
    upstream = ScriptedUpstream.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private void start(String... settings) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("caravan.model.default", "nim/first/model,nim/second/model"));
    all.addAll(List.of(settings));
    gateway = Gateway.before(upstream, all.toArray(new String[0]));
    records = Records.of(gateway);
    await()
        .until(
            () -> {
              gateway.send("GET", "/v1/models");
              return !records.all().isEmpty();
            });
    gateway.awaitNothingOpen();
    records.forget();
  }

  @Test
  void aServedRequestHasItsClientItsModelItsTokensAndItsTimes() throws Exception {
    start();
    Instant before = Instant.now();
    upstream.enqueue(
        Script.status(200, "Content-Type: text/event-stream", "X-Request-Id: up-17")
            .chunked()
            .write(Chunks.role() + Chunks.text("Hello"))
            .write(Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE));

    HttpResponse<String> response =
        gateway.post(
            "/v1/messages",
            STREAMED,
            "x-claude-code-session-id",
            "session-1",
            "x-claude-code-agent-id",
            "agent-2",
            "user-agent",
            "claude-cli/2.1");

    RequestRecord record = records.take();
    assertThat(record.id()).isEqualTo(response.headers().firstValue("request-id").orElseThrow());
    assertThat(record.acceptedAt()).isBetween(before, Instant.now());
    assertThat(record.route()).isEqualTo("messages");
    assertThat(record.caller())
        .isEqualTo(new RequestRecord.Caller("", "session-1", "agent-2", "claude-cli/2.1"));
    assertThat(record.model())
        .isEqualTo(new RequestRecord.Model("claude-sonnet", "nim", "first/model", "first/model"));
    assertThat(record.ending()).isEqualTo(new RequestRecord.Ending(200, "ok", null));
    assertThat(record.tokens()).isEqualTo(new RequestRecord.Tokens(10, 5, 0, 0, false, false));
    assertThat(record.attempts()).isEqualTo(1);
    assertThat(record.upstreamRequestId()).isEqualTo("up-17");
    assertThat(record.firstTokenNanos()).isPositive().isLessThanOrEqualTo(record.totalNanos());
    assertThat(record.stages())
        .extracting(RequestRecord.Stage::name)
        .contains("accept", "read-request", "count-tokens", "nim-convert", "nim-call", "stream")
        .doesNotContain("write-events");
  }

  @Test
  void eachCallUpstreamIsInIt() throws Exception {
    start("caravan.retry.attempts", "1");
    upstream.enqueue(
        Script.json(503, BUSY, "NVCF-REQID: refused-1"), Script.says("from the second"));

    assertThat(gateway.post("/v1/messages", HI).statusCode()).isEqualTo(200);

    RequestRecord record = records.take();
    assertThat(record.attempts()).isEqualTo(2);
    assertThat(record.model().name()).isEqualTo("second/model");
    assertThat(record.calls())
        .extracting(
            RequestRecord.Call::model,
            RequestRecord.Call::status,
            RequestRecord.Call::requestId,
            RequestRecord.Call::outcome,
            RequestRecord.Call::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "first/model", 503, "refused-1", "overloaded_error", "overloaded"),
            org.assertj.core.groups.Tuple.tuple("second/model", 200, null, "ok", null));
  }

  @Test
  void aRefusedKeyOfTheUpstreamIsTheReason() throws Exception {
    start();
    upstream.answer(request -> Script.json(401, "{\"error\":{\"message\":\"bad key\"}}"));

    gateway.post("/v1/messages", HI);

    RequestRecord record = records.take();
    assertThat(record.ending())
        .isEqualTo(new RequestRecord.Ending(500, "api_error", "key_refused"));
    assertThat(record.tokens()).isNull();
    assertThat(record.attempts()).isEqualTo(2);
  }

  @Test
  void aClientThatLeavesIsRecordedWithTheTokensItHasUsed() throws Exception {
    start();
    upstream.enqueue(Script.stream(Chunks.role(), Chunks.text("first words")).stall());

    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", STREAMED);
      client.readUntil("first");
    }

    RequestRecord record = records.take();
    assertThat(record.ending()).isEqualTo(new RequestRecord.Ending(499, "client_gone", null));
    assertThat(record.tokens().input()).isPositive();
    assertThat(record.tokens().output()).isPositive();
    assertThat(record.tokens().inputEstimated()).isTrue();
    assertThat(record.tokens().outputEstimated()).isTrue();
  }

  @Test
  void oneThatLeavesBeforeTheFirstContentHasUsedItsInput() throws Exception {
    start();
    upstream.enqueue(Script.silence());

    try (RawClient client = RawClient.connect(gateway.port())) {
      client.post("/v1/messages", STREAMED);
      upstream.takeCompletion(Duration.ofSeconds(10));
    }

    RequestRecord record = records.take();
    assertThat(record.ending().outcome()).isEqualTo("client_gone");
    assertThat(record.tokens().input()).isPositive();
    assertThat(record.tokens().output()).isZero();
    assertThat(record.firstTokenNanos()).isZero();
  }

  @Test
  void anUnreadableRequestIsRecordedWithoutAModel() throws Exception {
    start();

    gateway.post("/v1/messages", "{");

    RequestRecord record = records.take();
    assertThat(record.ending().status()).isEqualTo(400);
    assertThat(record.ending().outcome()).isEqualTo("invalid_request_error");
    assertThat(record.model()).isEqualTo(new RequestRecord.Model(null, "none", "none", "none"));
    assertThat(record.calls()).isEmpty();
  }

  @Test
  void whatIsLostIsTheReason() throws Exception {
    start();
    upstream.answer(request -> Script.says("Hello"));
    String lossy = HI.replace("\"max_tokens\"", "\"top_k\":3,\"max_tokens\"");

    gateway.post("/v1/messages", lossy);

    assertThat(records.take().ending())
        .isEqualTo(new RequestRecord.Ending(200, "ok", "lost top_k"));
  }

  @Test
  void inStrictModeTheLossIsTheReasonOfTheRefusal() throws Exception {
    start("caravan.strict", "true");
    String lossy = HI.replace("\"max_tokens\"", "\"top_k\":3,\"max_tokens\"");

    gateway.post("/v1/messages", lossy);

    assertThat(records.take().ending())
        .isEqualTo(new RequestRecord.Ending(400, "invalid_request_error", "lost top_k"));
  }

  @Test
  void aListenerThatFailsKeepsNoOtherFromIt() throws Exception {
    start();
    gateway
        .context()
        .getRegistry()
        .bind(
            "failing",
            io.caravan.observe.RequestListener.class,
            (io.caravan.observe.RequestListener)
                request -> {
                  throw new IllegalStateException("on purpose");
                });
    upstream.answer(request -> Script.says("Hello"));

    await()
        .untilAsserted(
            () -> {
              assertThat(gateway.post("/v1/messages", HI).statusCode()).isEqualTo(200);
              assertThat(records.all()).isNotEmpty();
            });
  }
}
