package io.caravan.markup;

import io.caravan.openai.ToolCallDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The calls that the upstream sent as calls: which indexes they take, and what they are, since some
 * servers send the same call as text besides (EricLBuehler/mistral.rs#2427,
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
   * @param limit characters of arguments that are remembered; what is beyond is not compared
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

  /** The slot by index; a new one where another id shows that it is another call (Gemini). */
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

  /** An index that none of them has. */
  int nextIndex() {
    return nextIndex++;
  }

  /** Whether one of them is this call. */
  boolean has(MarkupCall call) {
    return find(call) != null;
  }

  /** Like {@link #has}, but each of them is that for one call only. */
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
