package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.json.JsonText;
import io.caravan.json.JsonWriter;
import io.caravan.provider.Dialect;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.request.schema.SchemaFitter;
import java.util.List;

/**
 * Translates a request of Anthropic's Messages API into one of OpenAI's chat completions, in the
 * dialect of one upstream. The translated request always streams. The same request gives the same
 * bytes, and a request that continues an earlier one begins with that one's messages, byte by byte.
 */
public final class RequestTranslator {
  private final SchemaFitter fitter = new SchemaFitter();

  /**
   * Translates a request.
   *
   * @param model the upstream's own name of the model
   * @param learned the fields that the upstream has refused, or {@link DroppedFields#NONE}
   * @throws AnthropicException if the request can't be sent: it is invalid, its newest message has
   *     content that the model can't read, the prompt leaves no room for a completion, or in strict
   *     mode the request would lose something
   */
  public UpstreamRequest translate(
      MessagesRequest request,
      Dialect dialect,
      String model,
      DroppedFields learned,
      TranslationOptions options) {
    Losses losses = new Losses();
    ServerSideConversations.refuse(request);
    ServerSideConversations.refuseCompaction(request);
    request.unsupported().forEach(option -> losses.add(Loss.valueOf(option.name())));
    Integer maxTokens = MaxTokens.of(request, dialect, model, learned, options, losses);
    ToolPlan tools = ToolPlan.of(request, dialect, losses);
    ThinkingPlan thinking = ThinkingPlan.of(request, dialect, tools.forced(), maxTokens, losses);
    ToolNames names = new ToolNames(dialect.toolNameLimit());
    SentSchemas schemas =
        SentSchemas.of(fitter, tools, request.outputSchema(), learned.reducesSchemas(), dialect);
    Conversation conversation =
        new Conversation(request, dialect, model, names, schemas, options, losses);
    JsonText system = SystemPrompt.of(request, dialect, thinking, losses);
    List<UpstreamMessage> messages = conversation.messages(system);

    JsonWriter json = new JsonWriter(room(request.body().length()));
    BodyWriter body = new BodyWriter(json, request, dialect, learned, losses);
    json.beginObject().field("model", model);
    int[] ends = new int[messages.size()];
    int start = body.messages(messages, ends);
    body.tools(tools, names, schemas);
    BodySpans spans = new BodySpans(start, ends, json.size());
    body.sampling(maxTokens);
    int stops = body.stop();
    body.responseFormat(schemas);
    body.thinking(thinking);
    body.ending(conversation.continuesFinal());
    json.endObject();
    losses.refuse(model, options);
    return new UpstreamRequest(
        json.finish(), names, schemas, stops, conversation.prefill(), losses, spans);
  }

  /**
   * Returns the expected size. The fields of OpenAI's tools have longer names, and a body that has
   * to grow is copied.
   */
  private static int room(int length) {
    return length + length / 8 + 8 * 1024;
  }
}
