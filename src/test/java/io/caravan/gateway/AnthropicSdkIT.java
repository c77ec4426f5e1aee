package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.beta.messages.BetaMessage;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.models.ModelInfo;
import com.anthropic.models.models.ModelListParams;
import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls the gateway with Anthropic's Java SDK, which validates every field of a response. */
class AnthropicSdkIT {
  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static AnthropicClient client;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream, "caravan.model.default", "nim/test/model");
    client =
        AnthropicOkHttpClient.builder()
            .baseUrl(gateway.url())
            .apiKey("any")
            .maxRetries(0)
            .responseValidation(true)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
  }

  private static MessageCreateParams.Builder ask(String text) {
    return MessageCreateParams.builder()
        .model("claude-sonnet")
        .maxTokens(1000)
        .addUserMessage(text);
  }

  private static Message stream(MessageCreateParams params) {
    MessageAccumulator message = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(params)) {
      events.stream().forEach(event -> message.accumulate(event.validate()));
    }
    return message.message().validate();
  }

  @Test
  void getsAMessage() {
    upstream.enqueue(Script.says("Hello there"));

    Message message = client.messages().create(ask("Hi").build()).validate();

    assertThat(message.content().get(0).asText().text()).isEqualTo("Hello there");
    assertThat(message.stopReason()).hasValue(StopReason.END_TURN);
  }

  @Test
  void getsAStream() {
    upstream.enqueue(Script.says("Hello there"));

    assertThat(stream(ask("Hi").build()).content().get(0).asText().text()).isEqualTo("Hello there");
  }

  @Test
  void getsThinkingBeforeText() {
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            Chunks.reasoning("hm"),
            Chunks.text("yes"),
            Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE));

    Message message = stream(ask("Hi").maxTokens(3000).enabledThinking(1024).build());

    assertThat(message.content().get(0).asThinking().thinking()).isEqualTo("hm");
    assertThat(message.content().get(1).asText().text()).isEqualTo("yes");
  }

  @Test
  void callsToolsInParallelAndBringsTheirResults() {
    upstream.enqueue(
        Script.stream(
            Chunks.role(),
            Chunks.toolStart(0, "call_0", "weather"),
            Chunks.toolStart(1, "call_1", "weather"),
            Chunks.toolArguments(1, "{\"city\":\"Rome\"}"),
            Chunks.toolArguments(0, "{\"city\":\"Oslo\"}"),
            Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE),
        Script.says("cold and warm"));
    Tool weather =
        Tool.builder()
            .name("weather")
            .description("Tells the weather")
            .inputSchema(
                Tool.InputSchema.builder()
                    .putAdditionalProperty(
                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                    .build())
            .build();

    Message asked = stream(ask("Weather?").addTool(weather).build());

    assertThat(asked.stopReason()).hasValue(StopReason.TOOL_USE);
    List<ToolUseBlock> calls =
        asked.content().stream().flatMap(block -> block.toolUse().stream()).toList();
    assertThat(calls).extracting(call -> call._input().toString()).hasSize(2);
    assertThat(calls).extracting(ToolUseBlock::id).doesNotHaveDuplicates();

    MessageCreateParams.Builder next = ask("Weather?").addTool(weather).addMessage(asked);
    next.addUserMessageOfContentBlockParams(
        calls.stream()
            .map(
                call ->
                    ContentBlockParam.ofToolResult(
                        ToolResultBlockParam.builder()
                            .toolUseId(call.id())
                            .content("weather of " + call._input())
                            .build()))
            .toList());
    assertThat(stream(next.build()).content().get(0).asText().text()).isEqualTo("cold and warm");

    // Each result refers to its call by the id that the upstream knows.
    assertThat(upstream.completions().get(1).text())
        .contains("\"tool_call_id\":\"call_0\",\"content\":\"weather of {city=Oslo}\"")
        .contains("\"tool_call_id\":\"call_1\",\"content\":\"weather of {city=Rome}\"");
  }

  /** A tool of the runner, called with the model's arguments. */
  @JsonClassDescription("Tells the weather of a city")
  static class Weather implements Supplier<String> {
    @JsonPropertyDescription("The city")
    public String city;

    @Override
    public String get() {
      return "rain in " + city;
    }
  }

  /**
   * The SDK asks for a conversation kept by the server, and sends it whole once that is refused.
   */
  @Test
  void runsToolsByItself() {
    upstream.answer(
        request -> {
          if (request.text().contains("rain in Oslo")) {
            return Script.says("Take an umbrella");
          }
          String name =
              request.text().replaceAll("(?s).*\"function\":\\{\"name\":\"(\\w+)\".*", "$1");
          return Script.stream(
              Chunks.role(),
              Chunks.toolStart(0, "call_0", name),
              Chunks.toolArguments(0, "{\"city\":\"Oslo\"}"),
              Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE);
        });
    List<String> texts = new ArrayList<>();

    for (BetaMessage message :
        client
            .beta()
            .messages()
            .toolRunner(
                com.anthropic.models.beta.messages.MessageCreateParams.builder()
                    .model("claude-sonnet")
                    .maxTokens(1000)
                    .addTool(Weather.class)
                    .addUserMessage("Weather?")
                    .build())) {
      message.content().forEach(block -> block.text().ifPresent(text -> texts.add(text.text())));
    }

    assertThat(texts).containsExactly("Take an umbrella");
    assertThat(upstream.completions().get(1).text()).contains("Weather?").contains("call_0");
  }

  @Test
  void goesThroughThePagesOfModels() {
    List<String> paged =
        client.models().list(ModelListParams.builder().limit(3).build()).autoPager().stream()
            .map(ModelInfo::id)
            .toList();

    assertThat(paged)
        .isEqualTo(client.models().list().data().stream().map(ModelInfo::id).toList())
        .hasSizeGreaterThan(6);
  }

  @Test
  void getsAnErrorInMidStream() {
    upstream.enqueue(
        Script.stream(Chunks.role(), Chunks.text("half"), Chunks.error(500, "it died")));

    assertThatThrownBy(() -> stream(ask("Hi").build()))
        .isInstanceOf(SseException.class)
        .hasMessageContaining("it died");
  }

  @Test
  void sendsAnImage() throws Exception {
    upstream.enqueue(Script.says("a dot"));
    String dot =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    ContentBlockParam image =
        ContentBlockParam.ofImage(
            ImageBlockParam.builder()
                .source(
                    Base64ImageSource.builder()
                        .data(dot)
                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                        .build())
                .build());
    ContentBlockParam text =
        ContentBlockParam.ofText(TextBlockParam.builder().text("What is it?").build());

    client
        .messages()
        .create(
            MessageCreateParams.builder()
                .model("claude-sonnet")
                .maxTokens(100)
                .addUserMessageOfContentBlockParams(List.of(image, text))
                .build())
        .validate();

    String sent =
        new String(upstream.takeCompletion(Duration.ofSeconds(5)).body(), StandardCharsets.UTF_8);
    assertThat(sent).contains("data:image/png;base64," + dot);
  }

  @Test
  void countsTokens() {
    assertThat(
            client
                .messages()
                .countTokens(
                    MessageCountTokensParams.builder()
                        .model("claude-sonnet")
                        .addUserMessage("Hello")
                        .build())
                .validate()
                .inputTokens())
        .isPositive();
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data()).isNotEmpty();
    assertThat(client.models().retrieve("claude-sonnet").validate().id())
        .isEqualTo("claude-sonnet");
    assertThatThrownBy(() -> client.models().retrieve("acme/x"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void getsErrorsOfTheirOwnKind() {
    upstream.enqueue(
        Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}"),
        Script.json(429, "{\"status\":429,\"title\":\"Too Many Requests\"}", "Retry-After: 60"));

    assertThatThrownBy(() -> client.messages().create(ask("Hi").build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("no such thing");
    // The test has a model of its own, as it is not called for the minute that the upstream asks
    // for.
    assertThatThrownBy(() -> client.messages().create(ask("Hi").model("nim/limited/model").build()))
        .isInstanceOf(RateLimitException.class);
  }
}
