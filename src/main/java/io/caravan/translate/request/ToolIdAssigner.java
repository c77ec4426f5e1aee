package io.caravan.translate.request;

import io.caravan.provider.ToolIdForm;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gives each call of a conversation its id for the upstream. Some upstreams start again at {@code
 * call_0} in each completion, so that several calls would have one id. Later ones get another, by
 * order, so that a call has the same id in every request.
 */
final class ToolIdAssigner {
  private final ToolIdForm form;
  private final Set<String> used = new HashSet<>();
  private final Map<String, Integer> repeats = new HashMap<>();

  ToolIdAssigner(ToolIdForm form) {
    this.form = form;
  }

  /** Returns the upstream's id for the next call of the conversation. */
  String next(String id) {
    String upstream = ToolIds.upstream(id, form);
    String candidate = upstream;
    while (!used.add(candidate)) {
      int n = repeats.merge(upstream, 1, Integer::sum);
      candidate = form == ToolIdForm.NINE_ALNUM ? ToolIds.hash(id + n, 9) : renumber(upstream, n);
    }
    return candidate;
  }

  /**
   * Returns another id. Kimi's template reads name and number out of {@code functions.NAME:NUMBER},
   * so there the number grows; a number is appended to other ids.
   */
  private static String renumber(String id, int n) {
    int colon = id.lastIndexOf(':');
    if (colon > 0 && colon + 1 < id.length() && id.length() - colon < 8) {
      String digits = id.substring(colon + 1);
      if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return id.substring(0, colon + 1) + (Integer.parseInt(digits) + n);
      }
    }
    return id + "_" + (n + 1);
  }
}
