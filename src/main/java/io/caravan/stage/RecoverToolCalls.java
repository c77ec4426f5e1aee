package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import io.caravan.anthropic.ToolChoice;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.NonBlocking;
import io.caravan.exchange.TranslatedAnswer;
import io.caravan.json.RawJson;
import io.caravan.markup.MarkupRecovery;
import io.caravan.markup.MarkupSettings;
import io.caravan.openai.Chunk;
import io.caravan.translate.request.ToolNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Recovers the tool calls that a model wrote as text because its server did not parse them, if the
 * request declares tools: the body is a {@code List<Chunk>} before and after. Remove the step, or
 * set no family, to switch it off.
 */
@NonBlocking
public final class RecoverToolCalls implements Processor {
  private Set<String> families = MarkupSettings.allFamilies();

  /** The families for a request whose whole response is data or goes on with a text. */
  private Set<String> familiesOfTokens = withoutWholeAnswer(families);

  /**
   * Sets the families of markup that are recovered, comma-separated; {@code all} for every family,
   * empty for none.
   *
   * @throws IllegalArgumentException if there is no such family
   */
  public void setFamilies(String families) {
    if ("all".equals(families)) {
      setNamed(MarkupSettings.allFamilies());
      return;
    }
    Set<String> named = new LinkedHashSet<>();
    for (String family : families.split(",", -1)) {
      if (!family.isBlank()) {
        named.add(family.strip());
      }
    }
    Set<String> unknown = new LinkedHashSet<>(named);
    unknown.removeAll(MarkupSettings.allFamilies());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no family of markup "
              + String.join(", ", unknown)
              + "; there are "
              + String.join(", ", MarkupSettings.allFamilies()));
    }
    setNamed(Set.copyOf(named));
  }

  private void setNamed(Set<String> named) {
    families = named;
    familiesOfTokens = withoutWholeAnswer(named);
  }

  private static Set<String> withoutWholeAnswer(Set<String> named) {
    Set<String> others = new LinkedHashSet<>(named);
    others.remove(MarkupSettings.WHOLE_ANSWER);
    return Set.copyOf(others);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void process(Exchange exchange) {
    MessagesRequest request = GatewayRequest.of(exchange).message();
    boolean noTools =
        request.tools().isEmpty()
            || (request.toolChoice() != null
                && request.toolChoice().kind() == ToolChoice.Kind.NONE);
    if (families.isEmpty() || noTools) {
      return;
    }
    MarkupRecovery recovery =
        TranslatedAnswer.of(exchange).recovery(() -> recovery(exchange, request));
    List<Chunk> chunks = exchange.getMessage().getBody(List.class);
    List<Chunk> recovered = new ArrayList<>(chunks.size());
    for (Chunk chunk : chunks) {
      recovered.addAll(recovery.accept(chunk));
    }
    exchange.getMessage().setBody(recovered);
  }

  private MarkupRecovery recovery(Exchange exchange, MessagesRequest request) {
    Attempt attempt = Attempt.of(exchange);
    ToolNames names = attempt.request().toolNames();
    Map<String, RawJson> tools = new LinkedHashMap<>();
    for (Tool tool : request.tools()) {
      if (names.declared().contains(tool.name())) {
        RawJson schema = attempt.request().schemas().written(tool.name(), tool.inputSchema());
        tools.put(names.alias(tool.name()), schema);
      }
    }
    String prefill = attempt.request().prefill();
    boolean mayBeData = request.outputSchema() != null || (prefill != null && !prefill.isEmpty());
    return new MarkupRecovery(
        new MarkupSettings(
            mayBeData ? familiesOfTokens : families,
            MarkupDocuments.of(exchange.getContext()).own(),
            tools,
            attempt.model().model()));
  }
}
