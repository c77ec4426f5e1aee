package io.caravan.scout;

import io.caravan.json.JsonWriter;
import io.caravan.models.ModelRank;
import io.caravan.provider.ModelCard;
import io.caravan.scout.Result.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The results of a run, the best models first, and the settings that follow from them.
 *
 * @param provider the provider's name
 * @param results the results in the order of the report
 * @param leftOut the ids of the list that are no chat models
 */
record ScoutReport(String provider, List<Result> results, List<String> leftOut) {
  /** The models of a suggested chain. */
  private static final int CHAIN = 3;

  private static final String FORM = "%-50s %-9s %8s %6s %-6s %-8s %8s  %s%n";

  static ScoutReport of(String provider, List<Result> results, List<String> leftOut) {
    List<Result> sorted = new ArrayList<>(results);
    sorted.sort(
        Comparator.comparing(Result::verdict)
            .thenComparing(ScoutReport::rank, ModelRank.BEST_FIRST));
    return new ScoutReport(provider, List.copyOf(sorted), List.copyOf(leftOut));
  }

  private static ModelRank rank(Result result) {
    ModelCard card = new ModelCard();
    card.setContextWindow(result.contextWindow() == 0 ? null : result.contextWindow());
    card.setFirstTokenMillis(result.firstTokenMillis() == 0 ? null : result.firstTokenMillis());
    return new ModelRank(result.id(), card, 0);
  }

  List<Result> working() {
    return results.stream().filter(result -> result.verdict() == Verdict.WORKS).toList();
  }

  /** Returns the suggested settings by name; empty if no model works. */
  Map<String, String> suggested() {
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> best =
        working().stream().limit(CHAIN).map(result -> provider + "/" + result.id()).toList();
    if (!best.isEmpty()) {
      settings.put("MODEL", String.join(",", best));
      Result quickest =
          working().stream().min(Comparator.comparing(Result::firstTokenMillis)).orElseThrow();
      settings.put("MODEL_HAIKU", provider + "/" + quickest.id());
    }
    return settings;
  }

  void print(PrintStream out) {
    out.printf(
        FORM, "model", "verdict", "first ms", "tok/s", "tools", "thinking", "window", "notes");
    for (Result result : results) {
      out.printf(
          FORM,
          Printable.of(result.id()),
          result.verdict().name().toLowerCase(Locale.ROOT),
          number(result.firstTokenMillis()),
          number(result.tokensPerSecond()),
          yesOrNo(result.tools()),
          yesOrNo(result.thinking()),
          number(result.contextWindow()),
          notes(result));
    }
    if (!leftOut.isEmpty()) {
      out.println("No chat models: " + Printable.of(String.join(", ", leftOut)));
    }
    if (working().isEmpty()) {
      out.println("No model of " + provider + " works.");
      return;
    }
    out.println(working().size() + " models work. The best of them:");
    suggested().forEach((name, value) -> out.println("  " + name + "=" + value));
    out.println("or, chosen anew whenever it fails:");
    out.println("  MODEL=" + provider + "/auto");
  }

  private static String notes(Result result) {
    List<String> notes = new ArrayList<>();
    if (!result.reason().isEmpty()) {
      notes.add(result.reason());
    }
    if (!result.cures().isEmpty()) {
      notes.add("cured: " + String.join("; ", result.cures()));
    }
    return Printable.of(String.join(" | ", notes));
  }

  private static String number(int value) {
    return value == 0 ? "-" : String.valueOf(value);
  }

  private static String yesOrNo(Boolean value) {
    return value == null ? "-" : value ? "yes" : "no";
  }

  /**
   * Returns the report as one JSON object.
   *
   * @param file the file with the cards; null if none was written
   */
  String json(String file) {
    JsonWriter json = new JsonWriter(8192).beginObject().field("provider", provider);
    json.beginArray("models");
    results.forEach(result -> ResultJson.write(json, result));
    json.endArray().beginArray("no_chat_models");
    leftOut.forEach(json::value);
    json.endArray().beginObject("suggested");
    suggested().forEach(json::field);
    json.endObject();
    if (file != null) {
      json.field("cards", file);
    }
    return json.endObject().finish().toString();
  }
}
