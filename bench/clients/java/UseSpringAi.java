import java.util.List;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

/** Spring AI. */
final class UseSpringAi {
  /** The tools. */
  public static final class Sky {
    @Tool(description = "Tells the weather of a city")
    public String weather(String city) {
      return "It rains in " + city;
    }
  }

  public static void main(String[] args) {
    ChatClient client = ChatClient.create(model(options()));
    new Checks()
        .add("text", () -> Checks.equal(client.prompt("Hi").call().content(), Checks.GREETING))
        .add("stream", () -> Checks.streamed(pieces(client)))
        .add(
            "tool round trip",
            () -> Checks.contains(client.prompt("WEATHER").tools(new Sky()).call().content(), Checks.WEATHER))
        .add("structured output", UseSpringAi::structured)
        .add("image", () -> Checks.equal(image(client), Checks.SEEN))
        .add("thinking", UseSpringAi::thinking)
        .run();
  }

  private static AnthropicChatOptions.Builder options() {
    AnthropicChatOptions.Builder options = AnthropicChatOptions.builder();
    options.baseUrl(Checks.URL).apiKey("any").maxRetries(0);
    options.model(Checks.MODEL).maxTokens(4000);
    return options;
  }

  private static AnthropicChatModel model(AnthropicChatOptions.Builder options) {
    return AnthropicChatModel.builder().options(options.build()).build();
  }

  private static List<String> pieces(ChatClient client) {
    return client.prompt("Hi").stream().content().collectList().block().stream().filter(piece -> !piece.isEmpty()).toList();
  }

  /** The schema goes as output_config. */
  private static void structured() {
    AnthropicChatOptions.Builder options = options();
    options.outputSchema(
        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"degrees\":{\"type\":\"integer\"}},"
            + "\"required\":[\"city\",\"degrees\"],\"additionalProperties\":false}");
    Checks.equal(ChatClient.create(model(options)).prompt("SCHEMA").call().content(), "{\"city\": \"Oslo\", \"degrees\": 7}");
  }

  private static String image(ChatClient client) {
    return client
        .prompt()
        .user(user -> user.text("IMAGE").media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(Checks.IMAGE)))
        .call()
        .content();
  }

  private static void thinking() {
    AnthropicChatOptions.Builder options = options();
    options.thinkingEnabled(1024);
    List<String> texts =
        model(options).call(new Prompt("THINK")).getResults().stream().map(result -> result.getOutput().getText()).toList();
    Checks.equal(texts, List.of("Hm, so it is.", "I have thought."));
  }
}
