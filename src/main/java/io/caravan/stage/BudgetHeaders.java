package io.caravan.stage;

import io.caravan.limits.client.BudgetStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reports the fullest budget of a key in the headers from which Claude Code tells its user that 75
 * or 95 % of it is used (read since 2.1.225). The claim that names one of Anthropic's own plans is
 * left out: on a 429 the client would describe that plan in place of the error's words.
 */
final class BudgetHeaders {
  private static final String PREFIX = "anthropic-ratelimit-unified-";
  private static final double[] THRESHOLDS = {0.95, 0.75};

  private BudgetHeaders() {}

  /**
   * Writes the headers; none for a key without a budget.
   *
   * @param rejected whether the request is refused since a budget is used up
   */
  static void write(List<BudgetStatus> budgets, boolean rejected, Map<String, String> headers) {
    BudgetStatus fullest =
        budgets.stream().max(Comparator.comparingDouble(BudgetStatus::utilization)).orElse(null);
    if (fullest == null) {
      return;
    }
    double used = Math.min(1, fullest.utilization());
    String threshold = "";
    for (double each : THRESHOLDS) {
      if (threshold.isEmpty() && used >= each) {
        threshold = Double.toString(each);
      }
    }
    String status = rejected ? "rejected" : threshold.isEmpty() ? "allowed" : "allowed_warning";
    String reset = Long.toString(fullest.reset().getEpochSecond());
    headers.put(PREFIX + "status", status);
    headers.put(PREFIX + "reset", reset);
    headers.put(PREFIX + "overage-status", status);
    headers.put(PREFIX + "overage-utilization", String.format(Locale.ROOT, "%.4f", used));
    headers.put(PREFIX + "overage-reset", reset);
    if (!threshold.isEmpty()) {
      headers.put(PREFIX + "overage-surpassed-threshold", threshold);
    }
  }
}
