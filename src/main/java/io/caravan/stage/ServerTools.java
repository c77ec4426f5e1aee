package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.ToolLoop;
import io.caravan.servertools.ServedCall;
import io.caravan.servertools.ServedMessage;
import io.caravan.servertools.ServerToolException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/**
 * The calls of tools that the gateway runs, between two completions of one message: the route takes
 * them one by one ({@link #calls}), and this step then writes their results and leaves the request
 * for the next call of the model. If that is not called again, the message ends here.
 */
public final class ServerTools implements Processor, Predicate {
  private static final String RUNNING = "CaravanServerToolsRunning";
  private static final String CALL = "CaravanServerToolCall";

  /** Returns whether the completion has ended in calls that the gateway runs. */
  @Override
  public boolean matches(Exchange exchange) {
    return ToolLoop.isPending(exchange);
  }

  /** Begins to run the calls: keep-alive pings go to the client meanwhile. */
  public void open(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    // A client that leaves now is charged for what the model has written.
    exchange.removeProperty(Contract.CALL_ONCE_MORE);
    AtomicBoolean running = new AtomicBoolean(true);
    exchange.setProperty(RUNNING, running);
    request.response().onClose(() -> running.set(false));
    request.pingDuring(running::get);
  }

  /** Returns the calls. */
  public List<ServedCall> calls(Exchange exchange) {
    return ToolLoop.of(exchange).message().calls();
  }

  /**
   * Makes the body of the call's route out of a call, and sets {@link Contract#SERVER_TOOL_ROUTE},
   * or not if the call is not to be run.
   */
  public void begin(Exchange exchange) {
    ServedCall call = exchange.getMessage().getBody(ServedCall.class);
    ServedMessage message = ToolLoop.of(exchange).message();
    exchange.setProperty(CALL, call);
    try {
      exchange.getMessage().setBody(message.tool(call).body(call));
      exchange.setProperty(Contract.SERVER_TOOL_ROUTE, message.tool(call).route());
    } catch (ServerToolException e) {
      exchange.removeProperty(Contract.SERVER_TOOL_ROUTE);
      message.failed(call, e);
    }
  }

  /** Takes the body that the call's route has left. */
  public void end(Exchange exchange) {
    ServedCall call = exchange.getProperty(CALL, ServedCall.class);
    ToolLoop.of(exchange).message().found(call, exchange.getMessage().getBody());
  }

  @Override
  public void process(Exchange exchange) {
    exchange.getProperty(RUNNING, AtomicBoolean.class).set(false);
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    ToolLoop loop = ToolLoop.of(exchange);
    ServedMessage message = loop.message();
    boolean goesOn = message.goesOn(request.message());
    List<Event> events = message.resultEvents(request.message());
    request.summary().cost(message.usage());
    if (goesOn) {
      Verdicts.write(request, attempt, events);
      loop.keep(attempt.gathered());
      request.spent(attempt.usage());
      request.summary().completionEnded();
      request.setMessage(message.next(request.message()));
      callNext(exchange, request);
    } else {
      WriteMessage.complete(exchange, Verdicts.awaited(exchange, events));
    }
  }

  /** Prepares the next call, at the same model and those after it that can go on from here. */
  private static void callNext(Exchange exchange, GatewayRequest request) {
    request.attempts().nextCall();
    request
        .attempts()
        .setFallbacks(
            request.attempts().fallbacks().stream().filter(ServerTools::canGoOn).toList());
    Attempt.repeat(exchange);
    exchange.setProperty(Contract.CALL_ONCE_MORE, true);
  }

  /** An upstream that gets the client's own request doesn't know what came since. */
  private static boolean canGoOn(ModelChoice model) {
    return !model.provider().speaksMessages();
  }
}
