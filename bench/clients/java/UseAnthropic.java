import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.List;
import java.util.Map;

/** Anthropic's Java SDK. */
final class UseAnthropic {
  private static final AnthropicClient CLIENT =
      AnthropicOkHttpClient.builder().apiKey("any").baseUrl(Checks.URL).maxRetries(0).build();

  public static void main(String[] args) {
    new Checks()
        .add("text", () -> Checks.equal(text(CLIENT.messages().create(ask("Hi").build())), Checks.GREETING))
        .add("stream", UseAnthropic::stream)
        .add("tool round trip", UseAnthropic::tool)
        .add("structured output", UseAnthropic::structured)
        .add("image", UseAnthropic::image)
        .add("thinking", UseAnthropic::thinking)
        .add("counting", UseAnthropic::counting)
        .run();
  }

  private static MessageCreateParams.Builder ask(String text) {
    return MessageCreateParams.builder().model(Checks.MODEL).maxTokens(4000).addUserMessage(text);
  }

  private static String text(Message message) {
    return message.content().get(message.content().size() - 1).asText().text();
  }

  private static void stream() {
    try (StreamResponse<RawMessageStreamEvent> events = CLIENT.messages().createStreaming(ask("Hi").build())) {
      Checks.streamed(
          events.stream()
              .flatMap(event -> event.contentBlockDelta().stream())
              .flatMap(event -> event.delta().text().stream())
              .map(delta -> delta.text())
              .toList());
    }
  }

  private static void tool() {
    Tool weather =
        Tool.builder()
            .name("weather")
            .description("Tells the weather of a city")
            .inputSchema(
                Tool.InputSchema.builder()
                    .properties(JsonValue.from(Map.of("city", Map.of("type", "string"))))
                    .build())
            .build();
    MessageCreateParams.Builder asked = ask("WEATHER").addTool(weather);
    Message called = CLIENT.messages().create(asked.build());
    ToolUseBlock call = called.content().stream().flatMap(block -> block.toolUse().stream()).findFirst().orElseThrow();
    Checks.equal(call._input().convert(Map.class), Map.of("city", "Oslo"));
    ToolResultBlockParam result =
        ToolResultBlockParam.builder().toolUseId(call.id()).content(Checks.WEATHER).build();
    asked.addMessage(called).addUserMessageOfContentBlockParams(List.of(ContentBlockParam.ofToolResult(result)));
    Checks.contains(text(CLIENT.messages().create(asked.build())), Checks.WEATHER);
  }

  /** The SDK makes the schema of the class. */
  public static final class Weather {
    public String city;
    public int degrees;
  }

  private static void structured() {
    Weather weather =
        CLIENT.messages().create(ask("SCHEMA").outputConfig(Weather.class).build()).content().stream()
            .flatMap(block -> block.text().stream())
            .findFirst()
            .orElseThrow()
            .text();
    Checks.equal(new Checks.Weather(weather.city, weather.degrees), Checks.ANSWER);
  }

  private static void image() {
    Base64ImageSource source =
        Base64ImageSource.builder()
            .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
            .data(Checks.IMAGE_BASE64)
            .build();
    List<ContentBlockParam> asked =
        List.of(
            ContentBlockParam.ofImage(ImageBlockParam.builder().source(source).build()),
            ContentBlockParam.ofText(TextBlockParam.builder().text("IMAGE").build()));
    MessageCreateParams.Builder builder = MessageCreateParams.builder().model(Checks.MODEL).maxTokens(4000);
    Checks.equal(text(CLIENT.messages().create(builder.addUserMessageOfContentBlockParams(asked).build())), Checks.SEEN);
  }

  private static void thinking() {
    List<ContentBlock> content = CLIENT.messages().create(ask("THINK").enabledThinking(1024).build()).content();
    Checks.equal(content.get(0).asThinking().thinking(), "Hm, so it is.");
    Checks.equal(content.get(1).isText(), true);
  }

  private static void counting() {
    MessageCountTokensParams asked =
        MessageCountTokensParams.builder().model(Checks.MODEL).addUserMessage("How many?").build();
    Checks.equal(CLIENT.messages().countTokens(asked).inputTokens() > 3, true);
  }
}
