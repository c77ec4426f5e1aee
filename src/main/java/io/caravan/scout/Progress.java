package io.caravan.scout;

import io.caravan.scout.Result.Verdict;
import java.io.PrintStream;

/** Shows how far a run has come, in one line that is written over. */
final class Progress {
  private static final int WIDTH = 100;

  private final PrintStream err;
  private final int models;
  private int tried;
  private int working;
  private int calls;

  Progress(PrintStream err, int models) {
    this.err = err;
    this.models = models;
  }

  void called(String model) {
    calls++;
    show(model);
  }

  void tried(Result result) {
    tried++;
    working += result.verdict() == Verdict.WORKS ? 1 : 0;
    show(result.id());
  }

  private void show(String model) {
    String line =
        tried + "/" + models + " tried, " + working + " work, " + calls + " checks: " + model;
    line = Printable.of(line);
    line = line.substring(0, Math.min(WIDTH, line.length()));
    err.print("\r" + line + " ".repeat(WIDTH - line.length()));
    err.flush();
  }

  void end() {
    err.println();
  }
}
