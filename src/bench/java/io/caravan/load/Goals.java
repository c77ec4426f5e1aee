package io.caravan.load;

import io.caravan.load.Figures.Measure;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Caravan's goals, as figures that hold on any machine: ratios and differences. */
final class Goals {
  /** Another server that Caravan is compared with. */
  private enum With {
    NGINX("nginx"),
    BARE_PIPE("bare pipe"),
    ROUTER("claude-code-router"),
    DIRECT("direct"),
    UNOBSERVED(null),
    ITSELF(null);

    private final String server;

    With(String server) {
      this.server = server;
    }
  }

  /** The form of a figure, made of Caravan's and the other server's. */
  private enum Form {
    TIMES_THE_OTHERS("×"),
    MORE_THAN_THE_OTHERS("ms more"),
    ALONE("");

    private final String unit;

    Form(String unit) {
      this.unit = unit;
    }
  }

  private record Goal(
      String text,
      Measure measure,
      With with,
      Measure otherMeasure,
      Form form,
      boolean atMost,
      double limit) {}

  private static final List<Goal> GOALS =
      List.of(
          ratio("CPU per event, of nginx's", Measure.EVENT_CPU, With.NGINX, true, 4),
          ratio(
              "CPU per event, of claude-code-router's", Measure.EVENT_CPU, With.ROUTER, true, 0.25),
          ratio(
              "events a second, of claude-code-router's",
              Measure.EVENT_RATE,
              With.ROUTER,
              false,
              4),
          ratio(
              "CPU of an event at 20 tokens/s, of nginx's",
              Measure.PACED_CPU,
              With.NGINX,
              true,
              3.5),
          ratio(
              "CPU of an event at 20 tokens/s, of a bare pipe's",
              Measure.PACED_CPU,
              With.BARE_PIPE,
              true,
              1.3),
          ratio(
              "CPU of an event at 2,000 streams, of nginx's",
              Measure.CPU_2000,
              With.NGINX,
              true,
              2),
          alone("delay of an event at 20 tokens/s, p50 (ms)", Measure.DELAY_P50, 0.12),
          alone("delay of an event at 20 tokens/s, p99 (ms)", Measure.DELAY_P99, 0.35),
          alone("CPU per request without streaming (µs)", Measure.WHOLE_CPU, 150),
          added("added time to first token, small request", Measure.FIRST_SMALL, 0.35),
          added("added time to first token, 100 KB request", Measure.FIRST_LARGE, 4),
          ratio(
              "requests a second without streaming, of claude-code-router's",
              Measure.WHOLE_RATE,
              With.ROUTER,
              false,
              8),
          new Goal(
              "CPU per event at 2,000 streams, of that at 50",
              Measure.CPU_2000,
              With.ITSELF,
              Measure.CPU_50,
              Form.TIMES_THE_OTHERS,
              true,
              1.3),
          ratio(
              "CPU per event, of that with nothing observed",
              Measure.EVENT_CPU,
              With.UNOBSERVED,
              true,
              1.05),
          ratio(
              "CPU per request without streaming, of that with nothing observed",
              Measure.WHOLE_CPU,
              With.UNOBSERVED,
              true,
              1.1),
          alone("live heap per stream (KB)", Measure.HEAP_STREAM, 150),
          alone("start to the first answer (s)", Measure.FIRST_ANSWER, 2.2),
          alone("start to the first answer, by bin/caravan (s)", Measure.FIRST_ANSWER_SCRIPT, 1),
          alone("memory after the first answer, by bin/caravan (MB)", Measure.RESIDENT_SCRIPT, 150),
          alone("most memory under load, by bin/caravan (MB)", Measure.MOST_SCRIPT, 400));

  private Goals() {}

  private static Goal ratio(String text, Measure measure, With with, boolean atMost, double limit) {
    return new Goal(text, measure, with, measure, Form.TIMES_THE_OTHERS, atMost, limit);
  }

  private static Goal added(String text, Measure measure, double limit) {
    return new Goal(text, measure, With.DIRECT, measure, Form.MORE_THAN_THE_OTHERS, true, limit);
  }

  private static Goal alone(String text, Measure measure, double limit) {
    return new Goal(text, measure, With.ITSELF, measure, Form.ALONE, true, limit);
  }

  /** Returns a Markdown table with a row for each goal and a column for each Caravan. */
  static String table(Figures figures, List<String> caravans) {
    StringBuilder table = new StringBuilder("| | goal |");
    caravans.forEach(name -> table.append(' ').append(name).append(" |"));
    table.append("\n|---|---:|").append("---:|".repeat(caravans.size())).append('\n');
    for (Goal goal : GOALS) {
      table.append("| ").append(goal.text()).append(" | ").append(goal.atMost() ? "≤ " : "≥ ");
      table.append(number(goal.limit())).append(' ').append(goal.form().unit).append(" |");
      caravans.forEach(name -> table.append(' ').append(cell(goal, figures, name)).append(" |"));
      table.append('\n');
    }
    return table.toString();
  }

  private static String cell(Goal goal, Figures figures, String name) {
    double value = figures.median(goal.measure(), name);
    String other =
        switch (goal.with()) {
          case ITSELF -> name;
          case UNOBSERVED -> name.replaceFirst("^" + Bench.CARAVAN, Bench.UNOBSERVED);
          default -> goal.with().server;
        };
    DoubleUnaryOperator combine =
        switch (goal.form()) {
          case TIMES_THE_OTHERS -> theirs -> value / theirs;
          case MORE_THAN_THE_OTHERS -> theirs -> value - theirs;
          case ALONE -> theirs -> value;
        };
    double figure = combine.applyAsDouble(figures.median(goal.otherMeasure(), other));
    if (Double.isNaN(figure)) {
      return "-";
    }
    boolean met = goal.atMost() ? figure <= goal.limit() : figure >= goal.limit();
    return number(figure) + " " + goal.form().unit + (met ? "" : " (not met)");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
  }
}
