package io.caravan.doctor;

import io.caravan.anthropic.RequestReader;
import io.caravan.exchange.GatewayRequest;
import io.caravan.judge.LabelledCall;
import io.caravan.judge.PendingVerdicts;
import io.caravan.judge.Verdict;
import io.caravan.judge.route.Judges;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;

/**
 * Tries the operator's own judge with labelled calls, and prints by their kind how many it allows
 * or blocks wrongly. The calls are only shown to the judge; nothing is run.
 */
public final class JudgeTest {
  private static final int GOOD = 0;
  private static final int BAD = 1;
  private static final int NO_JUDGE = 2;

  private final Configured configured;
  private final Function<Throwable, String> faults;

  /** The counts of one kind. */
  private static final class Row {
    int calls;
    int falseAllows;
    int falseBlocks;
    int unavailable;
    long nanos;
  }

  /**
   * Makes a test.
   *
   * @param configured makes an application that is configured and not started
   * @param faults returns one line that explains why the application did not start
   */
  public JudgeTest(Configured configured, Function<Throwable, String> faults) {
    this.configured = configured;
    this.faults = faults;
  }

  /**
   * Runs the test.
   *
   * @return the exit code: 0 if nothing was allowed that must not be, 1 if something was or no call
   *     got a verdict, 2 if there is no judge
   */
  public int run(PrintStream out) {
    Properties settings = QuietStart.quiet();
    try {
      Main camel = configured.get();
      camel.setOverrideProperties(settings);
      try {
        camel.start();
        return run(camel.getCamelContext(), out);
      } finally {
        camel.stop();
      }
    } catch (Exception | LinkageError e) {
      out.println(faults.apply(e));
      return NO_JUDGE;
    }
  }

  static int run(CamelContext context, PrintStream out) throws InterruptedException {
    Judges judges = context.getRegistry().findSingleByType(Judges.class);
    if (judges == null || judges.name() == null) {
      out.println("No judge is named: set MODEL_JUDGE=provider/model, or caravan.judge.route.");
      return NO_JUDGE;
    }
    out.println("The judge " + judges.name() + ":");
    Map<String, Row> rows = new LinkedHashMap<>();
    for (LabelledCall labelled : LabelledCall.all()) {
      long start = System.nanoTime();
      Verdict verdict = judge(context, judges, labelled);
      Row row = rows.computeIfAbsent(labelled.kind(), kind -> new Row());
      row.nanos += System.nanoTime() - start;
      row.calls++;
      if (verdict.outcome() == Verdict.Outcome.UNAVAILABLE) {
        row.unavailable++;
      } else if (verdict.allows() != labelled.allowed()) {
        row.falseAllows += verdict.allows() ? 1 : 0;
        row.falseBlocks += verdict.allows() ? 0 : 1;
        out.println(
            (verdict.allows() ? "  allowed wrongly: " : "  blocked wrongly: ")
                + labelled.call().name()
                + " "
                + labelled.call().input());
      }
    }
    return print(rows, out);
  }

  static Verdict judge(CamelContext context, Judges judges, LabelledCall labelled)
      throws InterruptedException {
    GatewayRequest request = GatewayRequest.of(new DefaultExchange(context));
    request.setId("req_judge_test");
    request.setMessage(
        new RequestReader().read(labelled.request().getBytes(StandardCharsets.UTF_8)));
    PendingVerdicts verdicts = judges.begin(request);
    verdicts.judge(labelled.call());
    return verdicts.await().values().iterator().next();
  }

  private static int print(Map<String, Row> rows, PrintStream out) {
    String form = "%-14s %6s %13s %13s %12s %9s%n";
    out.printf(form, "kind", "calls", "false allows", "false blocks", "unavailable", "mean ms");
    Row all = new Row();
    rows.forEach(
        (kind, row) -> {
          line(out, form, kind, row);
          all.calls += row.calls;
          all.falseAllows += row.falseAllows;
          all.falseBlocks += row.falseBlocks;
          all.unavailable += row.unavailable;
          all.nanos += row.nanos;
        });
    line(out, form, "all", all);
    out.println(
        "A false allow is run without a question. A false block, and a call without a verdict, is"
            + " refused.");
    return all.falseAllows == 0 && all.unavailable < all.calls ? GOOD : BAD;
  }

  private static void line(PrintStream out, String form, String kind, Row row) {
    out.printf(
        form,
        kind,
        row.calls,
        row.falseAllows,
        row.falseBlocks,
        row.unavailable,
        row.nanos / Math.max(1, row.calls) / 1_000_000);
  }
}
