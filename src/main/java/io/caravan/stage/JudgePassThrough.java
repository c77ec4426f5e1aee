package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.NonBlocking;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.http.loop.LoopThreads;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.judge.PendingVerdicts;
import io.caravan.judge.ToolCall;
import io.caravan.judge.route.Judges;
import io.caravan.openai.SsePayloads;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Sends the tool calls of an upstream that speaks the Messages API itself to the judge, as {@link
 * JudgeTools} does, unless the provider says that the upstream gives the verdicts. The payloads of
 * the body stay as they are.
 */
@NonBlocking
public final class JudgePassThrough implements Processor {
  private Judges judges;

  /** Sets the judges. */
  public void setJudges(Judges judges) {
    this.judges = judges;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    SsePayloads payloads = exchange.getMessage().getBody(SsePayloads.class);
    if (payloads == null
        || request.message().safeguards() == null
        || attempt.model().provider().passesSafeguards()) {
      return;
    }
    LoopThreads.leave();
    PendingVerdicts verdicts = judges.of(exchange, attempt);
    for (int i = 0; i < payloads.size(); i++) {
      PassThroughEvent event = PassThroughAnswer.event(payloads, i);
      if (event.isMessage()) {
        whole(event, verdicts);
      } else if (isOfCall(event.type(), verdicts)) {
        take(map(JsonTree.read(event.json())), verdicts);
      }
    }
    if (verdicts.isHolding()) {
      verdicts.whenPlaced(attempt::releasePermit);
    }
    JudgeTools.announce(request, verdicts);
  }

  private static boolean isOfCall(String type, PendingVerdicts verdicts) {
    return "content_block_start".equals(type)
        || (verdicts.hasSeenCall() && type != null && !type.equals("ping"));
  }

  private static void take(Map<?, ?> event, PendingVerdicts verdicts) {
    Map<?, ?> block = map(event.get("content_block"));
    Map<?, ?> delta = map(event.get("delta"));
    switch (String.valueOf(event.get("type"))) {
      case "content_block_start" -> {
        if ("tool_use".equals(block.get("type"))) {
          verdicts.accept(
              List.of(new Event.ToolUseStart(0, text(block.get("id")), text(block.get("name")))));
        }
      }
      case "content_block_delta" -> {
        if (delta.get("partial_json") instanceof String json) {
          verdicts.accept(List.of(new Event.InputJsonDelta(0, json)));
        }
      }
      case "content_block_stop" -> verdicts.accept(List.of(new Event.BlockStop(0)));
      case "message_delta" ->
          verdicts.accept(
              List.of(new Event.MessageDelta(text(delta.get("stop_reason")), null, null)));
      default -> {
        // Another event is nothing to judge.
      }
    }
  }

  private static void whole(PassThroughEvent message, PendingVerdicts verdicts) {
    Map<?, ?> map = map(JsonTree.read(message.json()));
    if (map.get("content") instanceof List<?> blocks) {
      for (Object each : blocks) {
        Map<?, ?> block = map(each);
        if ("tool_use".equals(block.get("type"))) {
          String input = new JsonWriter(256).tree(block.get("input")).finish().toString();
          verdicts.judge(new ToolCall(text(block.get("id")), text(block.get("name")), input));
        }
      }
    }
    verdicts.accept(List.of(new Event.MessageDelta(text(map.get("stop_reason")), null, null)));
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(Object value) {
    return String.valueOf(value);
  }
}
