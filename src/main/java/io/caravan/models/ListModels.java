package io.caravan.models;

import io.caravan.anthropic.AnthropicException;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.limits.client.Client;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Lists the models: one entry for each class of Claude's models, with an id that Claude Code keeps
 * (it drops ids without "claude" in them), and one for each model that the providers in use serve,
 * by their own lists; cards stand in for a list that can't be had. The pages are those of
 * Anthropic's list; without a limit there is one page of all models. A client key sees the models
 * that it allows.
 */
public final class ListModels implements Processor {
  private static final int MOST = 1000;

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
    Map<String, String> query = query(GatewayRequest.of(exchange).query());
    List<Map<String, Object>> all = all(GatewayRequest.of(exchange).key());
    int limit = limit(query.get("limit"), all.size());
    int from = 0;
    int to = all.size();
    if (query.containsKey("before_id")) {
      to = index(all, query.get("before_id"), "before_id");
      from = Math.max(0, to - limit);
    } else if (query.containsKey("after_id")) {
      from = index(all, query.get("after_id"), "after_id") + 1;
    }
    to = Math.min(to, from + limit);
    List<Map<String, Object>> data = all.subList(from, to);
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("data", data);
    page.put("has_more", query.containsKey("before_id") ? from > 0 : to < all.size());
    page.put("first_id", data.isEmpty() ? null : data.get(0).get("id"));
    page.put("last_id", data.isEmpty() ? null : data.get(data.size() - 1).get("id"));
    exchange.getMessage().setBody(page);
  }

  /** Returns the models that a client key allows. */
  private List<Map<String, Object>> all(Client key) {
    List<Map<String, Object>> all = new ArrayList<>();
    Map<String, String> configured = models.configured();
    configured.forEach(
        (use, full) -> {
          ModelChoice choice = models.choose(ModelDirectory.classId(use));
          if (!use.equals(ModelClasses.DEFAULT) && choice.isAllowedFor(key)) {
            all.add(ModelInfo.of(choice.modelClass(), choice, models.lifecycle(choice), abilities));
          }
        });
    for (String full : models.served()) {
      if (key.models().isEmpty() || key.allows(full)) {
        ModelChoice choice = models.choose(full);
        all.add(
            ModelInfo.of(ModelChoice.ALIAS + full, choice, models.lifecycle(choice), abilities));
      }
    }
    return all;
  }

  private static int limit(String asked, int all) {
    if (asked == null) {
      return all;
    }
    if (!asked.matches("\\d{1,4}")
        || Integer.parseInt(asked) < 1
        || Integer.parseInt(asked) > MOST) {
      throw AnthropicException.invalid("limit: must be a number from 1 to " + MOST);
    }
    return Integer.parseInt(asked);
  }

  private static int index(List<Map<String, Object>> all, String id, String field) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).get("id").equals(id)) {
        return i;
      }
    }
    throw AnthropicException.invalid(field + ": there is no model with this id");
  }

  private static Map<String, String> query(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals > 0) {
        parameters.put(
            parameter.substring(0, equals),
            URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }
}
