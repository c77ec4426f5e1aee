package io.caravan.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Prints JMH's figures beside those of the project's first plan: the times of its stages, and the
 * goals for them. {@code bench/jmh.sh} calls it.
 */
public final class PlanTable {
  private static final String REQUEST = "io.caravan.jmh.RequestBenchmark.";
  private static final String STREAM = "io.caravan.jmh.StreamBenchmark.";

  /** A line of the plan; times are in milliseconds, as in the plan. */
  private record Row(String stage, String current, String target, String benchmark) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("token count, a request", "5-20", "1-5", REQUEST + "countWarm"),
          new Row("· of texts never seen before", "", "", REQUEST + "countCold"),
          new Row("JSON in, an event", "1-5", "0.3-1", STREAM + "parseChunk"),
          new Row("JSON in, a request", "", "", REQUEST + "parse"),
          new Row("message conversion and JSON out", "1-5", "0.5-2", REQUEST + "convertAndWrite"),
          new Row("event conversion", "", "", STREAM + "convertChunk"),
          new Row("SSE building, an event", "1-5", "0.3-1", STREAM + "writeEvent"),
          new Row("an event, bytes to bytes", "", "", STREAM + "whole"),
          new Row("a request, bytes to bytes", "10-30", "2-8", REQUEST + "whole"));

  private PlanTable() {}

  public static void main(String[] args) throws IOException {
    JsonNode results = new ObjectMapper().readTree(new File(args[0]));
    System.out.println(
        "| stage | the plan's current (ms) | the plan's target (ms) | Caravan (ms) | bytes allocated |");
    System.out.println("|---|---:|---:|---:|---:|");
    for (Row row : ROWS) {
      JsonNode result = find(results, row.benchmark());
      if (result != null) {
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %s | %.5f | %,.0f |%n",
            row.stage(),
            row.current(),
            row.target(),
            millis(result.path("primaryMetric")),
            allocated(result.path("secondaryMetrics")));
      }
    }
  }

  /** Returns a benchmark's result; if it has several sizes of a request, that of 100 KB. */
  private static JsonNode find(JsonNode results, String benchmark) {
    JsonNode found = null;
    for (JsonNode result : results) {
      boolean named = result.path("benchmark").asText().equals(benchmark);
      boolean usual = result.path("params").path("turns").asText("20").equals("20");
      if (named && (found == null || usual)) {
        found = result;
      }
    }
    return found;
  }

  private static double millis(JsonNode metric) {
    double score = metric.path("score").asDouble();
    return metric.path("scoreUnit").asText().startsWith("ns") ? score / 1e6 : score / 1e3;
  }

  private static double allocated(JsonNode metrics) {
    for (String name : List.of("gc.alloc.rate.norm", "·gc.alloc.rate.norm")) {
      if (metrics.has(name)) {
        return metrics.path(name).path("score").asDouble();
      }
    }
    return Double.NaN;
  }
}
