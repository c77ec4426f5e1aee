package io.caravan.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures by measure and server; the median of several rounds counts. */
final class Figures {
  private final Map<Measure, Map<String, List<Double>>> figures = new EnumMap<>(Measure.class);

  void add(Measure measure, String server, double value) {
    if (!Double.isNaN(value) && !Double.isInfinite(value)) {
      figures
          .computeIfAbsent(measure, m -> new LinkedHashMap<>())
          .computeIfAbsent(server, s -> new ArrayList<>())
          .add(value);
    }
  }

  /** Returns the median of a measure, or NaN if there is none. */
  double median(Measure measure, String server) {
    double[] values =
        figures.getOrDefault(measure, Map.of()).getOrDefault(server, List.of()).stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    return values.length == 0
        ? Double.NaN
        : (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
  }

  /** Returns a Markdown table with a row for each measure and a column for each server. */
  String table(List<String> servers) {
    StringBuilder table = new StringBuilder("| |");
    servers.forEach(server -> table.append(' ').append(server).append(" |"));
    table.append("\n|---|").append("---:|".repeat(servers.size())).append('\n');
    for (Measure measure : figures.keySet()) {
      table.append("| ").append(measure.label()).append(" |");
      for (String server : servers) {
        table.append(' ').append(measure.format(median(measure, server))).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  /** The measures, in the order of the table. */
  enum Measure {
    EVENT_CPU("CPU per streamed event, 8 clients at full speed (µs)", 2),
    EVENT_RATE("events a second, 8 clients at full speed", 0),
    PACED_CPU("CPU of an event, 50 streams of 20 tokens/s (µs)", 1),
    DELAY_P50("delay of an event, 50 streams of 20 tokens/s, p50 (ms)", 3),
    DELAY_P99("delay of an event, 50 streams of 20 tokens/s, p99 (ms)", 3),
    FIRST_SMALL("time to first token, small request, p50 (ms)", 3),
    FIRST_LARGE("time to first token, 100 KB request of a known conversation, p50 (ms)", 3),
    LARGE_CPU("CPU per 100 KB request with one token (ms)", 2),
    WHOLE_RATE("requests a second without streaming, 8 clients", 0),
    WHOLE_CPU("CPU per request without streaming (µs)", 0),
    CPU_50("CPU per event at 50 streams of 10 tokens/s (µs)", 1),
    CPU_500("CPU per event at 500 streams of 10 tokens/s (µs)", 1),
    CPU_2000("CPU per event at 2,000 streams of 10 tokens/s (µs)", 1),
    HEAP_STREAM("live heap per stream, 50 to 2,000 streams (KB)", 1),
    RESIDENT("memory after the first answer (MB)", 0),
    MOST("most memory under load (MB)", 0),
    RESIDENT_SCRIPT("memory after the first answer, by bin/caravan (MB)", 0),
    MOST_SCRIPT("most memory under load, by bin/caravan (MB)", 0),
    READY("start to ready (s)", 2),
    FIRST_ANSWER("start to the first answer (s)", 2),
    FIRST_ANSWER_SCRIPT("start to the first answer, by bin/caravan (s)", 2);

    private final String label;
    private final int decimals;

    Measure(String label, int decimals) {
      this.label = label;
      this.decimals = decimals;
    }

    String label() {
      return label;
    }

    String format(double value) {
      return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
  }
}
