import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenCountEstimator;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** LangChain4j. */
final class UseLangChain4j {
  /** It asks for the version in the URL. */
  private static final String URL = Checks.URL + "/v1/";

  interface Assistant {
    String chat(String message);
  }

  interface Extractor {
    Checks.Weather extract(String text);
  }

  /** The tools. */
  static final class Sky {
    @Tool("Tells the weather of a city")
    String weather(String city) {
      return "It rains in " + city;
    }
  }

  public static void main(String[] args) {
    new Checks()
        .add("text", () -> Checks.equal(model().build().chat("Hi"), Checks.GREETING))
        .add("stream", UseLangChain4j::stream)
        .add("tool round trip", UseLangChain4j::tool)
        .add("structured output", UseLangChain4j::structured)
        .add("image", UseLangChain4j::image)
        .add("thinking", UseLangChain4j::thinking)
        .add("counting", UseLangChain4j::counting)
        .run();
  }

  private static AnthropicChatModel.AnthropicChatModelBuilder model() {
    return AnthropicChatModel.builder().baseUrl(URL).apiKey("any").modelName(Checks.MODEL).maxTokens(4000).maxRetries(0);
  }

  private static void stream() throws Exception {
    List<String> pieces = new CopyOnWriteArrayList<>();
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    AnthropicStreamingChatModel.builder().baseUrl(URL).apiKey("any").modelName(Checks.MODEL).maxTokens(4000).build()
        .chat(
            "Hi",
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String piece) {
                pieces.add(piece);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                done.completeExceptionally(error);
              }
            });
    Checks.equal(done.get(30, TimeUnit.SECONDS).aiMessage().text(), Checks.GREETING);
    Checks.streamed(pieces);
  }

  private static void tool() {
    Assistant assistant = AiServices.builder(Assistant.class).chatModel(model().build()).tools(new Sky()).build();
    Checks.contains(assistant.chat("WEATHER"), Checks.WEATHER);
  }

  private static void structured() {
    AnthropicChatModel model = model().supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA).build();
    Checks.equal(AiServices.create(Extractor.class, model).extract("SCHEMA"), Checks.ANSWER);
  }

  private static void image() {
    UserMessage asked = UserMessage.from(ImageContent.from(Checks.IMAGE_BASE64, "image/png"), TextContent.from("IMAGE"));
    Checks.equal(model().build().chat(asked).aiMessage().text(), Checks.SEEN);
  }

  private static void thinking() {
    AnthropicChatModel model = model().thinkingType("enabled").thinkingBudgetTokens(1024).returnThinking(true).build();
    Checks.equal(model.chat(UserMessage.from("THINK")).aiMessage().thinking(), "Hm, so it is.");
  }

  private static void counting() {
    AnthropicTokenCountEstimator estimator =
        AnthropicTokenCountEstimator.builder().baseUrl(URL).apiKey("any").modelName(Checks.MODEL).build();
    Checks.equal(estimator.estimateTokenCountInMessage(UserMessage.from("How many?")) > 3, true);
  }
}
