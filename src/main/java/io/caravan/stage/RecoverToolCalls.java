package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import io.caravan.anthropic.ToolChoice;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
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
public final class RecoverToolCalls implements Processor {
  private Set<String> families = MarkupSettings.allFamilies();

  /**
   * Sets the families of markup that are recovered, comma-separated; {@code all} for every family,
   * empty for none.
   */
  public void setFamilies(String families) {
    if ("all".equals(families)) {
      this.families = MarkupSettings.allFamilies();
      return;
    }
    Set<String> named = new LinkedHashSet<>();
    for (String family : families.split(",", -1)) {
      if (!family.isBlank()) {
        named.add(family.strip());
      }
    }
    this.families = Set.copyOf(named);
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
        TranslatedAnswer.of(exchange).recovery(() -> recovery(Attempt.of(exchange), request));
    List<Chunk> chunks = exchange.getMessage().getBody(List.class);
    List<Chunk> recovered = new ArrayList<>(chunks.size());
    for (Chunk chunk : chunks) {
      recovered.addAll(recovery.accept(chunk));
    }
    exchange.getMessage().setBody(recovered);
  }

  private MarkupRecovery recovery(Attempt attempt, MessagesRequest request) {
    ToolNames names = attempt.request().toolNames();
    Map<String, RawJson> tools = new LinkedHashMap<>();
    for (Tool tool : request.tools()) {
      if (names.declared().contains(tool.name())) {
        RawJson schema = attempt.request().schemas().written(tool.name(), tool.inputSchema());
        tools.put(names.alias(tool.name()), schema);
      }
    }
    return new MarkupRecovery(new MarkupSettings(families, tools, attempt.model().model()));
  }
}
