package io.caravan.scout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Tries models one after the other, and stops once the upstream refuses the account. */
final class Scouting {
  /** The models in a row that may be forbidden before that is taken to be about the account. */
  private static final int MOST_FORBIDDEN = 3;

  private final Probe probe;
  private final Pace pace;
  private final Pace.Timer timer;
  private final UnaryOperator<Result> complete;
  private final Watcher watcher;

  /** Is told how far the run has come. */
  interface Watcher {
    /** Is called after each check. */
    void called(String model) throws IOException;

    /** Is called once a model has been tried. */
    void tried(Result result) throws IOException;
  }

  /**
   * @param complete adds to a result what is known of the model without a call
   */
  Scouting(
      Probe probe, Pace pace, Pace.Timer timer, UnaryOperator<Result> complete, Watcher watcher) {
    this.probe = probe;
    this.pace = pace;
    this.timer = timer;
    this.complete = complete;
    this.watcher = watcher;
  }

  /**
   * Tries the models.
   *
   * @return a result for each, in their order
   * @throws AccountRefused if the upstream refuses the account
   */
  List<Result> run(List<String> models) throws InterruptedException, AccountRefused, IOException {
    List<Result> results = new ArrayList<>();
    List<Result> forbidden = new ArrayList<>();
    for (String model : models) {
      Trial trial = new Trial(model, probe, pace, timer, watcher);
      Result result = complete.apply(trial.run());
      if (!trial.wasForbidden()) {
        tell(forbidden);
        watcher.tried(result);
      } else {
        // Not told of yet: if the account is at fault, the models are to be tried again.
        forbidden.add(result);
        if (forbidden.size() == MOST_FORBIDDEN) {
          throw new AccountRefused(result.reason());
        }
      }
      results.add(result);
    }
    tell(forbidden);
    return results;
  }

  private void tell(List<Result> results) throws IOException {
    for (Result result : results) {
      watcher.tried(result);
    }
    results.clear();
  }
}
