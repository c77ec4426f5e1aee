package io.caravan.launch;

import io.caravan.anthropic.AnthropicException;
import io.caravan.exchange.ModelChoice;
import io.caravan.judge.route.Judges;
import io.caravan.limits.client.ClientKeys;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.ModelCard;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's answer to {@code caravan code} of the same user: the proof that it is the user's,
 * and the facts on which Claude Code's settings depend. Anyone else gets nothing of it.
 */
public final class Introduction {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  private final String signature;
  private final String body;

  private Introduction(String signature, String body) {
    this.signature = signature;
    this.body = body;
  }

  /** Returns the answer to a request; null for one of anyone else. Reads a file for a challenge. */
  public static Introduction of(Exchange exchange) {
    String header = exchange.getMessage().getHeader(Challenge.CHALLENGE, String.class);
    if (header == null || !(exchange.getMessage() instanceof HttpMessage http)) {
      return null;
    }
    try {
      Secret secret = Secret.existing(Places.of(System.getenv()).state());
      SocketAddress local = http.getRequest().connection().localAddress();
      if (secret == null || local.hostAddress() == null) {
        return null;
      }
      String address = Challenge.address(local.hostAddress(), local.port());
      Challenge challenge = Challenge.of(header, address, secret);
      if (challenge == null) {
        return null;
      }
      String model =
          exchange
              .getMessage()
              .getHeader(Challenge.MODEL, ClaudeVariables.USUAL_MODEL, String.class);
      String body = facts(exchange.getContext(), model).json();
      return new Introduction(secret.sign(challenge.answer(body)), body);
    } catch (IOException e) {
      LOG.debug("The secret of caravan code can't be read", e);
      return null;
    }
  }

  /** Writes it into a response. */
  public void write(Message message) {
    message.setHeader(Challenge.PROOF, signature);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(body);
  }

  private static GatewayFacts facts(CamelContext context, String model) {
    Registry registry = context.getRegistry();
    ModelDirectory models = registry.findSingleByType(ModelDirectory.class);
    ModelChoice choice = choose(models, model);
    ModelCard card = choice.card();
    Judges judges = registry.findSingleByType(Judges.class);
    ClientKeys keys = registry.findSingleByType(ClientKeys.class);
    return new GatewayFacts(
        choice.fullName(),
        choice.provider().demonstration(),
        card == null ? null : card.getContextWindow(),
        judges != null && judges.name() != null,
        keys != null && keys.isConfigured());
  }

  private static ModelChoice choose(ModelDirectory models, String name) {
    ModelChoice choice = named(models, name);
    boolean known = choice.card() != null && choice.card().getContextWindow() != null;
    // A gateway that has just begun may not have its upstream's list yet.
    return known || choice.provider().demonstration() ? choice : models.renewed(choice);
  }

  /** A name that is unknown is Claude Code's to report. */
  private static ModelChoice named(ModelDirectory models, String name) {
    try {
      return models.choose(name);
    } catch (AnthropicException e) {
      return models.choose(ClaudeVariables.USUAL_MODEL);
    }
  }
}
