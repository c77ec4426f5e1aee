package io.caravan.stage;

import io.caravan.openai.ModelCard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Lists the models: one entry for each class of Claude's models, named so that Claude Code keeps it (it drops ids
 * without "claude" in them), and one for each model card.
 */
public final class ListModels implements Processor {
  private ModelDirectory models;

  /** What knows the models. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  @Override
  public void process(Exchange exchange) {
    List<Map<String, Object>> data = new ArrayList<>();
    models
        .configured()
        .forEach(
            (use, full) -> {
              if (!use.equals("default")) {
                data.add(info("claude-" + use, full));
              }
            });
    Map<String, Object> others = new TreeMap<>(models.cards());
    models.configured().values().forEach(full -> others.putIfAbsent(full, full));
    others.keySet().forEach(full -> data.add(info(ModelDirectory.ALIAS + full, full)));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("data", data);
    page.put("has_more", false);
    page.put("first_id", data.get(0).get("id"));
    page.put("last_id", data.get(data.size() - 1).get("id"));
    exchange.getMessage().setBody(page);
  }

  private Map<String, Object> info(String id, String full) {
    ModelCard card = models.cards().get(full);
    String name = card == null || card.getDisplayName() == null ? full : card.getDisplayName();
    return ModelInfo.of(id, name, card);
  }
}
