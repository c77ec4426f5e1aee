package io.caravan.judge;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Judges tool calls. */
public interface Judge {
  /**
   * Begins to judge a call, and does not wait.
   *
   * @param call the call, whose arguments are a JSON object
   * @param before the calls before it in the same turn
   * @return the judgement
   */
  Judgement judge(ToolCall call, List<ToolCall> before);

  /**
   * A judgement under way.
   *
   * @param verdict the verdict; cancelling it ends the judge's call
   * @param placed done once the judge's call is in its upstream's queue, or needs no place there
   */
  record Judgement(CompletableFuture<Verdict> verdict, CompletableFuture<Void> placed) {
    /** Returns one that is over. */
    public static Judgement of(Verdict verdict) {
      return new Judgement(
          CompletableFuture.completedFuture(verdict), CompletableFuture.completedFuture(null));
    }
  }

  /** Returns the judge's name. */
  String name();
}
