package io.caravan.markup;

import io.caravan.openai.ToolCallDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The calls that the upstream sent in {@code tool_calls}. It keeps their indexes and their
 * contents, since some servers send the same call as text, too (EricLBuehler/mistral.rs#2427,
 * earendil-works/pi#1574).
 */
final class StructuredCalls {
  private final int limit;
  private final List<Slot> slots = new ArrayList<>();
  private int nextIndex;
  private int size;

  private static final class Slot {
    private Integer index;
    private String id;
    private String name;
    private final StringBuilder arguments = new StringBuilder();
    private boolean matched;
  }

  /**
   * @param limit the characters of arguments that are remembered; calls beyond it are not compared
   */
  StructuredCalls(int limit) {
    this.limit = limit;
  }

  void add(ToolCallDelta delta) {
    Slot slot = slot(delta);
    slot.id = slot.id == null ? delta.id() : slot.id;
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
    for (int i = slots.size() - 1; i >= 0; i--) {
      Slot slot = slots.get(i);
      boolean other = !blank(delta.id()) && slot.id != null && !slot.id.equals(delta.id());
      boolean next = delta.index() == null && !blank(delta.name()) && slot.arguments.length() > 0;
      if (Objects.equals(slot.index, delta.index()) && !other && !next) {
        return slot;
      }
    }
    Slot slot = new Slot();
    slot.index = delta.index();
    slots.add(slot);
    nextIndex = Math.max(nextIndex, slots.size());
    return slot;
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
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
    return find(call) != null;
  }

  /** Does the same as {@link #has}, but each call matches only once. */
  boolean match(MarkupCall call) {
    Slot slot = find(call);
    if (slot != null) {
      slot.matched = true;
    }
    return slot != null;
  }

  private Slot find(MarkupCall call) {
    for (Slot slot : slots) {
      String arguments = slot.arguments.isEmpty() ? "{}" : slot.arguments.toString();
      if (!slot.matched
          && size <= limit
          && call.name().equals(slot.name)
          && ModelJson.same(call.arguments(), arguments)) {
        return slot;
      }
    }
    return null;
  }
}
