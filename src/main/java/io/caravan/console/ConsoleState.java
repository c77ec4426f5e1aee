package io.caravan.console;

import io.caravan.failover.UpstreamKeys;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.Cooldowns;
import io.caravan.limits.upstream.LearnedLimits;
import io.caravan.limits.upstream.SetAside;
import io.caravan.models.ModelDirectory;
import io.caravan.models.UpstreamModels;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.LearnedQuirks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;

/** The state that an operator sees beside the requests: models, providers and settings. */
final class ConsoleState {
  /** The use of a model that no class of models begins with. */
  private static final String FURTHER = "fallback, judge or vision";

  private final CamelContext context;
  private final ModelDirectory models;
  private final UpstreamModels lists;
  private final Circuits circuits;
  private final LearnedQuirks quirks;
  private final Cooldowns cooldowns;
  private final UpstreamKeys keys;

  ConsoleState(
      CamelContext context,
      ModelDirectory models,
      UpstreamModels lists,
      Circuits circuits,
      LearnedQuirks quirks,
      Cooldowns cooldowns,
      UpstreamKeys keys) {
    this.context = context;
    this.models = models;
    this.lists = lists;
    this.circuits = circuits;
    this.quirks = quirks;
    this.cooldowns = cooldowns;
    this.keys = keys;
  }

  Map<String, Object> operators() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("models", models());
    state.put("providers", providers());
    state.put("limits", limits());
    state.put("model_limits", keys.limits().all().stream().map(ConsoleState::limit).toList());
    state.put("refused_keys", refusedKeys());
    state.put("learned", quirks.all().stream().map(ConsoleState::learned).toList());
    state.put("settings", Settings.of(context));
    return state;
  }

  private List<Map<String, Object>> models() {
    Map<String, List<String>> uses = new LinkedHashMap<>();
    models
        .configured()
        .forEach((use, model) -> uses.computeIfAbsent(model, m -> new ArrayList<>()).add(use));
    models.allConfigured().forEach(model -> uses.putIfAbsent(model, List.of(FURTHER)));
    List<Map<String, Object>> all = new ArrayList<>();
    uses.forEach((model, use) -> all.add(model(String.join(", ", use), model)));
    return all;
  }

  private Map<String, Object> model(String use, String model) {
    SetAside aside = context.getRegistry().findSingleByType(SetAside.class);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("use", use);
    view.put("model", model);
    view.put("circuit", circuits.state(model).name());
    view.put("set_aside", aside == null ? null : aside.reason(model));
    view.put("cooling_ms", cooldowns.remaining(model).toMillis());
    return view;
  }

  private List<Map<String, Object>> limits() {
    List<Map<String, Object>> all = new ArrayList<>();
    keys.admissions()
        .all()
        .forEach(
            (name, limit) -> {
              Map<String, Object> view = new LinkedHashMap<>();
              view.put("name", name);
              view.put("active", limit.getActive());
              view.put("waiting", limit.getQueued());
              view.put("window_used", limit.getWindowUsed());
              view.put("window_limit", limit.getWindowLimit());
              all.add(view);
            });
    return all;
  }

  private static Map<String, Object> limit(LearnedLimits.Status limit) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("model", limit.target());
    view.put("calls", limit.calls());
    view.put("window_ms", limit.window() == null ? null : limit.window().toMillis());
    view.put("used", limit.used());
    view.put("again_ms", limit.again().toMillis());
    view.put("left_ms", limit.left().toMillis());
    return view;
  }

  private List<Map<String, Object>> refusedKeys() {
    List<Map<String, Object>> all = new ArrayList<>();
    keys.refused()
        .forEach(
            (name, status) -> {
              Map<String, Object> view = new LinkedHashMap<>();
              view.put("key", name);
              view.put("reason", status.reason());
              view.put("again_ms", status.again().toMillis());
              all.add(view);
            });
    return all;
  }

  private List<Map<String, Object>> providers() {
    Map<String, Provider> byName = new TreeMap<>();
    context.getRegistry().findByType(Provider.class).forEach(p -> byName.put(p.getName(), p));
    List<Map<String, Object>> all = new ArrayList<>();
    byName.values().forEach(provider -> all.add(provider(provider)));
    return all;
  }

  private Map<String, Object> provider(Provider provider) {
    UpstreamModels.Listing listing = lists.listings().get(provider.getName());
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", provider.getName());
    view.put("url", Settings.withoutCredentials(provider.getBaseUrl()));
    view.put("protocol", provider.getProtocol());
    view.put("has_key", provider.hasKey());
    view.put(
        "models", listing == null ? null : listing.models().keySet().stream().sorted().toList());
    view.put("failure", listing == null ? null : listing.failure());
    return view;
  }

  private static Map<String, Object> learned(LearnedQuirks.Learned learned) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("tenant", learned.tenant());
    view.put("provider", learned.provider());
    view.put("model", learned.model());
    view.put("quirk", learned.quirk().toString());
    view.put("complaint", learned.complaint());
    view.put("words", learned.evidence().words());
    view.put("proof", learned.evidence().proof());
    view.put("until", learned.until().toEpochMilli());
    return view;
  }
}
