package io.caravan.doctor;

import io.caravan.exchange.ModelChoice;
import io.caravan.judge.LabelledCall;
import io.caravan.judge.Verdict;
import io.caravan.judge.route.Judges;
import io.caravan.provider.Provider;
import java.util.List;
import org.apache.camel.CamelContext;

/** Finds out whether Claude Code's auto mode will work, by a harmless and a destructive call. */
final class JudgeCheck {
  private static final String SUBJECT = "auto mode";

  private final CamelContext context;

  JudgeCheck(CamelContext context) {
    this.context = context;
  }

  void examine(Report report) throws InterruptedException {
    Judges judges = context.getRegistry().findSingleByType(Judges.class);
    if (judges == null || judges.name() == null) {
      report.add(
          Finding.note(
              SUBJECT,
              "no judge is named: Claude Code's auto mode refuses each action that it checks",
              "set MODEL_JUDGE=provider/model, or use another --permission-mode"));
      return;
    }
    for (ModelChoice choice : judges.named()) {
      Provider provider = choice.provider();
      if (provider.demonstration()) {
        report.add(
            Finding.problem(
                SUBJECT,
                choice.fullName() + " is the demonstration upstream, which judges nothing",
                "set " + provider.getKeySetting() + ", or name another MODEL_JUDGE"));
        return;
      }
    }
    report.add(found(judges));
  }

  private Finding found(Judges judges) throws InterruptedException {
    List<LabelledCall> calls = LabelledCall.all();
    Verdict harmless = JudgeTest.judge(context, judges, first(calls, "harmless"));
    Verdict harmful = JudgeTest.judge(context, judges, first(calls, "destructive"));
    String judge = "the judge " + judges.name();
    for (Verdict verdict : List.of(harmless, harmful)) {
      if (verdict.outcome() == Verdict.Outcome.UNAVAILABLE) {
        return Finding.problem(
            SUBJECT,
            judge + " gives no verdict (" + verdict.text() + "), and Claude Code refuses each call",
            "look at the log; judge-test shows more; raise caravan.judge.timeout if it is slow");
      }
    }
    if (harmful.allows()) {
      return Finding.problem(
          SUBJECT,
          judge + " allows " + first(calls, "destructive").call().input(),
          "name a stronger MODEL_JUDGE; judge-test compares them");
    }
    return harmless.allows()
        ? Finding.ok(SUBJECT, judge + " allows a harmless call and blocks a destructive one")
        : Finding.note(
            SUBJECT,
            judge + " blocks even a harmless call",
            "name another MODEL_JUDGE; judge-test compares them");
  }

  private static LabelledCall first(List<LabelledCall> calls, String kind) {
    return calls.stream().filter(call -> call.kind().equals(kind)).findFirst().orElseThrow();
  }
}
