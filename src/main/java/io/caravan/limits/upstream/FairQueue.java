package io.caravan.limits.upstream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A queue in which tenants take turns, and within a tenant its sessions. A client makes up its
 * session ids itself, so that sessions of all tenants in one row would let one with a thousand ids
 * starve the others. Calls without which a turn under way can't end go before all of them.
 *
 * <p>Not safe for use by several threads.
 */
final class FairQueue<T> {
  /** The tenants with waiting requests, in the order of their turns. */
  private final Map<String, SessionQueue<T>> tenants = new LinkedHashMap<>();

  /** The requests that go before every tenant's. */
  private final LinkedHashSet<T> first = new LinkedHashSet<>();

  private int size;

  int size() {
    return size;
  }

  private static boolean isFirst(AdmissionRequest.Turn turn) {
    return turn.equals(AdmissionRequest.Turn.FIRST);
  }

  void add(AdmissionRequest.Turn turn, T pending) {
    size++;
    if (isFirst(turn)) {
      first.add(pending);
      return;
    }
    tenants
        .computeIfAbsent(turn.tenant(), tenant -> new SessionQueue<>())
        .add(turn.session(), turn.subagent(), pending);
  }

  boolean remove(AdmissionRequest.Turn turn, T pending) {
    if (isFirst(turn)) {
      boolean left = first.remove(pending);
      size -= left ? 1 : 0;
      return left;
    }
    SessionQueue<T> own = tenants.get(turn.tenant());
    if (own == null || !own.remove(turn.session(), turn.subagent(), pending)) {
      return false;
    }
    if (own.size() == 0) {
      tenants.remove(turn.tenant());
    }
    size--;
    return true;
  }

  /** Takes the next request, or null; its tenant goes to the end of the order. */
  T poll() {
    if (size == 0) {
      return null;
    }
    if (!first.isEmpty()) {
      T pending = first.iterator().next();
      first.remove(pending);
      size--;
      return pending;
    }
    Map.Entry<String, SessionQueue<T>> next = tenants.entrySet().iterator().next();
    String tenant = next.getKey();
    SessionQueue<T> sessions = next.getValue();
    tenants.remove(tenant);
    T pending = sessions.poll();
    if (sessions.size() > 0) {
      tenants.put(tenant, sessions);
    }
    size--;
    return pending;
  }

  /** Returns how many would be served before a new request, if no others came. */
  int ahead(AdmissionRequest.Turn turn) {
    if (isFirst(turn)) {
      return first.size();
    }
    SessionQueue<T> own = tenants.get(turn.tenant());
    int before = own == null ? 0 : own.ahead(turn.session(), turn.subagent());
    int ahead = before + first.size();
    boolean passed = false;
    for (SessionQueue<T> sessions : tenants.values()) {
      if (sessions == own) {
        passed = true;
      } else {
        // Each other tenant has as many turns as this one until then, or one less if it comes
        // after it in the order.
        ahead += Math.min(sessions.size(), passed ? before : before + 1);
      }
    }
    return ahead;
  }

  /** Takes all requests. */
  List<T> drain() {
    List<T> all = new ArrayList<>(size);
    for (T pending = poll(); pending != null; pending = poll()) {
      all.add(pending);
    }
    return all;
  }
}
