package io.caravan.judge.route;

import io.caravan.http.CallScope;
import io.caravan.judge.CallJudge;
import io.caravan.judge.Judge;
import io.caravan.judge.ToolCall;
import io.caravan.judge.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges each call on a thread of its own. A failure of the judge is a missing verdict. */
final class CalledJudge implements Judge {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.judge");

  private final String name;
  private final CallJudge cases;
  private final Way way;
  private final ExecutorService threads;

  /** The way to a judge. */
  interface Way {
    /**
     * Judges one call, and waits for the verdict.
     *
     * @param scope whose close ends the wait
     * @param placed to be run once the call is in its upstream's queue
     */
    Verdict judge(
        CallJudge cases, ToolCall call, List<ToolCall> before, CallScope scope, Runnable placed);
  }

  CalledJudge(String name, CallJudge cases, Way way, ExecutorService threads) {
    this.name = name;
    this.cases = cases;
    this.way = way;
    this.threads = threads;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Judgement judge(ToolCall call, List<ToolCall> before) {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    CompletableFuture<Void> placed = new CompletableFuture<>();
    CallScope scope = new CallScope();
    try {
      Future<?> task =
          threads.submit(
              () -> {
                Verdict found = judged(call, before, scope, () -> placed.complete(null));
                placed.complete(null);
                verdict.complete(found);
              });
      var unused =
          verdict.whenComplete(
              (found, failure) -> {
                if (failure != null) {
                  placed.complete(null);
                  scope.close();
                  task.cancel(true);
                }
              });
    } catch (RejectedExecutionException e) {
      return Judgement.of(Verdict.unavailable(Verdict.ERROR));
    }
    return new Judgement(verdict, placed);
  }

  private Verdict judged(ToolCall call, List<ToolCall> before, CallScope scope, Runnable placed) {
    try {
      return way.judge(cases, call, before, scope, placed);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("The judge {} failed: {}", name, e.toString());
      return Verdict.unavailable(Verdict.ERROR);
    } finally {
      scope.close();
    }
  }
}
