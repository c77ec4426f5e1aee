package io.caravan.models;

import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Describes one model, by any name that a message request may use. */
public final class GetModel implements Processor {
  private static final String PATH = "/v1/models/";

  private ModelDirectory models;
  private GatewayAbilities abilities = new GatewayAbilities();

  /** Sets the directory of models. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  /** Sets what the gateway does for models that can't do it. */
  public void setAbilities(GatewayAbilities abilities) {
    this.abilities = abilities;
  }

  @Override
  public void process(Exchange exchange) {
    String path = GatewayRequest.of(exchange).path();
    String rest = path.startsWith(PATH) ? path.substring(PATH.length()) : path;
    // SDKs escape the slashes of an id; a literal plus stays a plus.
    String id = URLDecoder.decode(rest.replace("+", "%2B"), StandardCharsets.UTF_8);
    while (id.startsWith("/")) {
      id = id.substring(1);
    }
    ModelChoice choice = models.choose(id);
    choice.checkAllowedFor(GatewayRequest.of(exchange).key());
    exchange.getMessage().setBody(ModelInfo.of(id, choice, models.lifecycle(choice), abilities));
  }
}
