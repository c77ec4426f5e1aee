package io.caravan.stage.web;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ToolLoop;
import io.caravan.servertools.ServedHistory;
import io.caravan.servertools.ServedMessage;
import io.caravan.servertools.ServerTool;
import io.caravan.web.route.WebServices;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Offers the model those of Anthropic's server tools that the gateway runs itself: it sees each as
 * a tool like the client's, and earlier calls of it as such calls. A request without one stays as
 * it is. An upstream that speaks the Messages API gets the client's own request in any case.
 */
public final class OfferServerTools implements Processor {
  private WebServices services = new WebServices();
  private int maxCompletions = 10;

  /** Sets the web tools that the gateway can run. */
  public void setServices(WebServices services) {
    this.services = services;
  }

  /** Sets the most completions of one message; Anthropic's servers have 10 as well. */
  public void setMaxCompletions(int maxCompletions) {
    this.maxCompletions = maxCompletions;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    MessagesRequest message = request.message();
    List<ServerTool> tools = services.tools(message);
    if (tools.isEmpty()) {
      return;
    }
    request.setMessage(
        message.with(
            message.maxTokens(),
            ServedHistory.of(message.messages(), tools),
            message.tools().stream().map(tool -> offered(tool, tools)).toList(),
            message.toolChoice()));
    ToolLoop.begin(exchange, new ServedMessage(tools, maxCompletions));
  }

  private static Tool offered(Tool tool, List<ServerTool> served) {
    return served.stream()
        .map(ServerTool::offered)
        .filter(offered -> !tool.custom() && offered.name().equals(tool.name()))
        .findFirst()
        .orElse(tool);
  }
}
