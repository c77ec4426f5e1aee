package io.caravan.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.anthropic.PassThroughEvent;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.exchange.RequestSummary;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import io.caravan.judge.PendingVerdicts;
import io.caravan.openai.MalformedStreamException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Completes the response, once the stream of an upstream with the Messages API has ended. */
public final class FinishPassThrough implements Processor {
  /** The last event, for an upstream that has finished and never sent it. */
  private static final byte[] MESSAGE_STOP =
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".getBytes(US_ASCII);

  @Override
  public void process(Exchange exchange) {
    Attempt attempt = Attempt.of(exchange);
    PassThroughAnswer answer = attempt.answer(PassThroughAnswer.class);
    GatewayRequest request = GatewayRequest.of(exchange);
    RequestSummary summary = request.summary();
    if (answer.usage() != null) {
      summary.cost(answer.usage());
      summary.estimated(!answer.inputCounted(), !answer.outputCounted());
    }
    boolean lacksStop = !answer.isComplete() && answer.isFinished() && request.message().stream();
    if (lacksStop) {
      answer.completed();
    }
    if (!answer.isComplete()) {
      throw new MalformedStreamException("the upstream ended its stream before it was complete");
    }
    summary.translated(answer.report(summary.translation()));
    summary.ended("ok");
    PendingVerdicts verdicts = attempt.verdicts();
    if (verdicts == null) {
      attempt.releasePermit();
    } else if (verdicts.isHolding()) {
      verdicts.whenPlaced(attempt::releasePermit);
      addVerdicts(request, answer, verdicts);
    }
    if (lacksStop) {
      WriteEvents.send(request, MESSAGE_STOP, MESSAGE_STOP.length);
    }
    if (answer.message() == null) {
      request.response().end();
      exchange.getMessage().setBody(gathered(request, answer));
      return;
    }
    exchange.getMessage().setBody(answer.message());
    FinishJson.finish(exchange, 200);
  }

  /** Waits for the verdicts, and puts them into the last delta, or into the whole message. */
  private static void addVerdicts(
      GatewayRequest request, PassThroughAnswer answer, PendingVerdicts verdicts) {
    String results = verdicts.results(Verdicts.await(request, verdicts));
    if (answer.message() != null) {
      answer.completed(with(RawJson.of(new String(answer.message(), UTF_8)), null, results));
      return;
    }
    ByteArrayOutputStream events = new ByteArrayOutputStream(512);
    for (RawJson held : answer.held()) {
      byte[] json = with(held, "delta", results);
      PassThroughEvent event = read(json);
      try {
        event.writeEvent(events, request.message().model());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (answer.gathered() != null) {
        answer.gathered().accept(event.json());
      }
    }
    WriteEvents.send(request, events.toByteArray(), events.size());
  }

  private static PassThroughEvent read(byte[] json) {
    try {
      return PassThroughEvent.read(json, 0, json.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns an object with the results in it, or in its member of that name, if there is one. */
  @SuppressWarnings("unchecked")
  private static byte[] with(RawJson object, String member, String results) {
    Map<String, Object> tree = (Map<String, Object>) JsonTree.read(object);
    Object place = member == null ? tree : tree.get(member);
    if (place instanceof Map<?, ?> map) {
      ((Map<String, Object>) map).put("safeguard_results", JsonTree.read(RawJson.of(results)));
    }
    return new JsonWriter(object.length() + results.length() + 64)
        .tree(tree)
        .finish()
        .toString()
        .getBytes(UTF_8);
  }

  private static byte[] gathered(GatewayRequest request, PassThroughAnswer answer) {
    return answer.gathered() == null ? null : answer.gathered().json(request.message().model());
  }
}
