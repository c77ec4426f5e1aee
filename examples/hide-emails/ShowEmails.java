import io.caravan.exchange.Attempt;
import io.caravan.openai.Chunk;
import io.caravan.openai.ToolCallDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Puts the addresses that HideEmails took out back into a stream: its text and the arguments of its calls. Reasoning stays as it
 * is, since Caravan gives it back to the model at the next turn, from its memory or a signature.
 */
public class ShowEmails implements Processor {
  static final String SHOWN = "shownEmails";
  private static final String STREAM = "streamWithEmails";

  @Override
  @SuppressWarnings("unchecked")
  public void process(Exchange exchange) {
    Map<String, String> shown = exchange.getProperty(SHOWN, Map.class);
    if (shown == null) {
      return;
    }
    Stream stream = exchange.getProperty(STREAM, Stream.class);
    if (stream == null || stream.attempt != Attempt.of(exchange)) {
      stream = new Stream(Attempt.of(exchange), shown, new HashMap<>());
      exchange.setProperty(STREAM, stream);
    }
    List<Chunk> chunks = new ArrayList<>();
    for (Chunk chunk : (List<Chunk>) exchange.getMessage().getBody(List.class)) {
      Chunk next = stream.next(chunk);
      if (next.hasContent() || !chunk.isDone()) {
        chunks.add(next);
      }
      if (chunk.isDone()) {
        chunks.add(chunk);
      }
    }
    exchange.getMessage().setBody(chunks);
  }

  /** One call's stream. The end of a text is held back while it may be the beginning of a made-up address. */
  private record Stream(Attempt attempt, Map<String, String> shown, Map<String, String> held) {
    Chunk next(Chunk chunk) {
      boolean last = chunk.isDone() || chunk.finishReason() != null;
      boolean calls = !chunk.toolCalls().isEmpty();
      return new Chunk(
          chunk.id(),
          chunk.model(),
          next("text", chunk.content(), last || calls),
          chunk.reasoning(),
          chunk.reasoningDetails(),
          chunk.refusal(),
          chunk.toolCalls().stream().map(this::next).toList(),
          chunk.finishReason(),
          chunk.stopSequence(),
          chunk.usage(),
          chunk.error());
    }

    private ToolCallDelta next(ToolCallDelta call) {
      String arguments = next("call " + call.index(), call.arguments(), false);
      return new ToolCallDelta(call.index(), call.id(), call.name(), arguments, call.thoughtSignature());
    }

    private String next(String field, String more, boolean complete) {
      String text = held.getOrDefault(field, "") + more;
      for (Map.Entry<String, String> each : shown.entrySet()) {
        text = text.replace(each.getKey(), each.getValue());
      }
      int end = complete ? text.length() : endOf(text);
      held.put(field, text.substring(end));
      return text.substring(0, end);
    }

    private int endOf(String text) {
      for (int i = text.indexOf('p'); i >= 0; i = text.indexOf('p', i + 1)) {
        String tail = text.substring(i);
        if (shown.keySet().stream().anyMatch(standIn -> standIn.startsWith(tail))) {
          return i;
        }
      }
      return text.length();
    }
  }
}
