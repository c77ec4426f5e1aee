package io.caravan.conformance;

import io.caravan.corpus.CorpusCase;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the verdicts by group and prints them as a Markdown table. */
final class Scoreboard {
  private static final class Score {
    private int passed;
    private int judged;
    private int usageOnly;

    void add(CaseRun.Verdict verdict) {
      judged += verdict.judged() ? 1 : 0;
      usageOnly += verdict.failedByUsageOnly() ? 1 : 0;
      passed += verdict.passed() ? 1 : 0;
    }

    @Override
    public String toString() {
      String rest = usageOnly == 0 ? "" : " (" + usageOnly + " only for the usage)";
      return judged == 0 ? "-" : passed + "/" + judged + rest;
    }
  }

  private static final class Group {
    private final Score streamed = new Score();
    private final Score whole = new Score();
    private int skipped;
  }

  private final Map<String, Group> groups = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  void add(CorpusCase corpusCase, CaseRun.Verdict streamed, CaseRun.Verdict whole) {
    Group group = group(corpusCase);
    group.streamed.add(streamed);
    group.whole.add(whole);
    note(corpusCase, "streamed", streamed);
    note(corpusCase, "whole", whole);
  }

  /** Counts a case that depends on a provider's own settings. */
  void skip(CorpusCase corpusCase) {
    group(corpusCase).skipped++;
  }

  int passed() {
    return groups.values().stream().mapToInt(g -> g.streamed.passed + g.whole.passed).sum();
  }

  int failed() {
    return groups.values().stream().mapToInt(g -> g.streamed.judged + g.whole.judged).sum()
        - passed();
  }

  /** Prints the failures, then the table and the sum. */
  void print(PrintStream out) {
    failures.forEach(out::println);
    out.println("| group | streamed | whole | skipped |");
    out.println("|---|---|---|---|");
    groups.forEach(
        (name, group) ->
            out.println(
                "| "
                    + name
                    + " | "
                    + group.streamed
                    + " | "
                    + group.whole
                    + " | "
                    + group.skipped
                    + " |"));
    int skipped = groups.values().stream().mapToInt(group -> group.skipped).sum();
    out.println(passed() + " passed, " + failed() + " failed, " + skipped + " skipped");
  }

  private Group group(CorpusCase corpusCase) {
    return groups.computeIfAbsent(corpusCase.group(), name -> new Group());
  }

  private void note(CorpusCase corpusCase, String mode, CaseRun.Verdict verdict) {
    if (!verdict.judged() || verdict.passed()) {
      return;
    }
    failures.add("FAILED " + corpusCase + " (" + mode + "): " + corpusCase.title());
    failures.add("  from " + corpusCase.from());
    verdict.faults().stream().limit(6).forEach(fault -> failures.add("    " + fault));
  }
}
