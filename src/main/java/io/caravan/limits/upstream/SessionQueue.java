package io.caravan.limits.upstream;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The queue of one tenant, in which sessions take turns, so that a session with thirty sub-agents
 * does not delay another session's single request. Within a session the interactive turn comes
 * before its sub-agents; equals are served in the order of their arrival.
 *
 * <p>Not safe for use by several threads.
 */
final class SessionQueue<T> {
  /** The waiting requests of one session, in sets so that one that leaves is found at once. */
  private static final class Line<T> {
    final LinkedHashSet<T> interactive = new LinkedHashSet<>();
    final LinkedHashSet<T> subagents = new LinkedHashSet<>();

    int size() {
      return interactive.size() + subagents.size();
    }

    T poll() {
      LinkedHashSet<T> from = interactive.isEmpty() ? subagents : interactive;
      T first = from.iterator().next();
      from.remove(first);
      return first;
    }
  }

  /** The sessions with waiting requests, in the order of their turns. */
  private final Map<String, Line<T>> lines = new LinkedHashMap<>();

  private int size;

  int size() {
    return size;
  }

  void add(String session, boolean subagent, T pending) {
    Line<T> line = lines.computeIfAbsent(session, s -> new Line<>());
    (subagent ? line.subagents : line.interactive).add(pending);
    size++;
  }

  boolean remove(String session, boolean subagent, T pending) {
    Line<T> line = lines.get(session);
    if (line == null || !(subagent ? line.subagents : line.interactive).remove(pending)) {
      return false;
    }
    if (line.size() == 0) {
      lines.remove(session);
    }
    size--;
    return true;
  }

  /** Takes the next request, or null; its session goes to the end of the order. */
  T poll() {
    if (size == 0) {
      return null;
    }
    Map.Entry<String, Line<T>> next = lines.entrySet().iterator().next();
    String session = next.getKey();
    Line<T> line = next.getValue();
    lines.remove(session);
    T pending = line.poll();
    if (line.size() > 0) {
      lines.put(session, line);
    }
    size--;
    return pending;
  }

  /** Returns how many would be served before a new request, if no others came. */
  int ahead(String session, boolean subagent) {
    Line<T> own = lines.get(session);
    int before = own == null ? 0 : subagent ? own.size() : own.interactive.size();
    int ahead = before;
    boolean passed = false;
    for (Map.Entry<String, Line<T>> entry : lines.entrySet()) {
      if (entry.getValue() == own) {
        passed = true;
      } else {
        // Each other session has as many turns as this one until then, or one less if it comes
        // after it in the order.
        ahead += Math.min(entry.getValue().size(), passed ? before : before + 1);
      }
    }
    return ahead;
  }
}
