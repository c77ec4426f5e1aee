package io.caravan.markup;

import io.caravan.openai.ToolCallDelta;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls that the upstream sent in {@code tool_calls}. It keeps their indexes and their
 * contents, since some servers send the same call as text, too (EricLBuehler/mistral.rs#2427,
 * earendil-works/pi#1574).
 */
final class StructuredCalls {
  private final int limit;
  private final List<Slot> slots = new ArrayList<>();
  private final Map<Integer, Slot> byIndex = new HashMap<>();
  private final Map<Id, Slot> byId = new HashMap<>();

  /**
   * The calls that no call in the text has matched, by their content; null if it has to be made.
   */
  private Map<Content, Deque<Slot>> byContent;

  private int nextIndex;
  private int size;

  private record Id(Integer index, String id) {}

  /** A call's name and its arguments, whatever their spaces and the order of their keys. */
  private record Content(String name, Object arguments) {}

  private static final class Slot {
    private String id;
    private String name;
    private final StringBuilder arguments = new StringBuilder();
  }

  /**
   * @param limit the characters of arguments that are remembered; calls beyond it are not compared
   */
  StructuredCalls(int limit) {
    this.limit = limit;
  }

  void add(ToolCallDelta delta) {
    byContent = null;
    Slot slot = slot(delta);
    if (slot.id == null && !blank(delta.id())) {
      slot.id = delta.id();
      byId.put(new Id(delta.index(), slot.id), slot);
    }
    slot.name = blank(slot.name) ? delta.name() : slot.name;
    int index = delta.index() == null ? slots.size() - 1 : delta.index();
    nextIndex = Math.max(nextIndex, index + 1);
    size += delta.arguments().length();
    if (size <= limit) {
      slot.arguments.append(delta.arguments());
    }
  }

  /** Returns the slot of an index. Another id means another call, and thus a new slot (Gemini). */
  private Slot slot(ToolCallDelta delta) {
    Slot known = byIndex.get(delta.index());
    boolean other =
        known != null && !blank(delta.id()) && known.id != null && !known.id.equals(delta.id());
    if (other) {
      known = byId.get(new Id(delta.index(), delta.id()));
    }
    boolean next =
        known != null
            && delta.index() == null
            && !blank(delta.name())
            && known.arguments.length() > 0;
    if (known != null && !next) {
      return known;
    }
    Slot slot = new Slot();
    slots.add(slot);
    byIndex.put(delta.index(), slot);
    nextIndex = Math.max(nextIndex, slots.size());
    return slot;
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }

  /** Returns the name that a call without arguments has so far, or null. */
  String bareName(Integer index) {
    Slot slot = byIndex.get(index);
    return slot == null || slot.arguments.length() > 0 ? null : slot.name;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** Returns an index that none of the calls has. */
  int nextIndex() {
    return nextIndex++;
  }

  /** Returns whether one of the calls equals this one. */
  boolean has(MarkupCall call) {
    return !equals(call).isEmpty();
  }

  /** Does the same as {@link #has}, but each call matches only once. */
  boolean match(MarkupCall call) {
    return equals(call).poll() != null;
  }

  /** Returns the calls that equal this one, in an order that is made once for all. */
  private Deque<Slot> equals(MarkupCall call) {
    if (slots.isEmpty() || size > limit) {
      return new ArrayDeque<>();
    }
    if (byContent == null) {
      byContent = new HashMap<>();
      for (Slot slot : slots) {
        String arguments = slot.arguments.isEmpty() ? "{}" : slot.arguments.toString();
        byContent
            .computeIfAbsent(
                new Content(slot.name, ModelJson.tree(arguments)), c -> new ArrayDeque<>())
            .add(slot);
      }
    }
    return byContent.getOrDefault(
        new Content(call.name(), ModelJson.tree(call.arguments())), new ArrayDeque<>());
  }
}
