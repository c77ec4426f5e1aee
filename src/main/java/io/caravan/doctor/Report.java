package io.caravan.doctor;

import io.caravan.json.JsonWriter;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the findings in their order: as text one by one, or at the end as one JSON object. */
final class Report implements Findings {
  private final List<Finding> findings = new ArrayList<>();
  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private int shown;

  Report(PrintStream out, PrintStream err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  @Override
  public void trying(String what) {
    clear();
    if (!json) {
      String line = "… " + what;
      err.print(line);
      err.flush();
      shown = line.length();
    }
  }

  private void clear() {
    if (shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }

  @Override
  public void add(Finding finding) {
    clear();
    findings.add(finding);
    if (json) {
      return;
    }
    out.printf("%-8s %s: %s%n", label(finding), finding.subject(), finding.text());
    if (!finding.advice().isEmpty()) {
      out.printf("%-8s %s%n", "", "→ " + finding.advice());
    }
  }

  private static String label(Finding finding) {
    boolean problem = finding.level() == Finding.Level.PROBLEM;
    String name = finding.level().name();
    return problem ? name : name.toLowerCase(Locale.ROOT);
  }

  boolean isWell() {
    return problems() == 0;
  }

  private long problems() {
    return findings.stream().filter(f -> f.level() == Finding.Level.PROBLEM).count();
  }

  void end() {
    clear();
    if (json) {
      out.println(asJson());
    } else {
      long problems = problems();
      String many = problems == 1 ? " problem" : " problems";
      out.println(problems == 0 ? "Nothing is wrong." : problems + many);
    }
  }

  private String asJson() {
    JsonWriter object = new JsonWriter(1024).beginObject().field("ok", isWell());
    object.beginArray("findings");
    for (Finding finding : findings) {
      object.beginObject().field("level", finding.level().name().toLowerCase(Locale.ROOT));
      object.field("subject", finding.subject()).field("text", finding.text());
      object.field("advice", finding.advice()).endObject();
    }
    return object.endArray().endObject().finish().toString();
  }
}
