package io.caravan.provider.learned;

import io.caravan.provider.ReasoningReplay;
import java.util.Set;

/** A fact about a model that an upstream has reported, by which later requests are changed. */
public sealed interface Quirk {
  /**
   * Returns whether the fact holds for the model. Otherwise it holds only for the refused request,
   * since the complaint was about a value in it.
   */
  default boolean lasting() {
    return true;
  }

  /** Returns whether a refused request can be retried with this change. */
  default boolean changesRequest() {
    return true;
  }

  /** A top-level field is left out. */
  record DropField(String field, boolean lasting) implements Quirk {
    /** The fields without which there is no request, or not the client's. */
    public static final Set<String> PROTECTED =
        Set.of("model", "messages", "tools", "stream", "max_tokens", "max_completion_tokens");

    /**
     * @throws IllegalArgumentException if the field is never dropped, or isn't the name of a field
     */
    public DropField {
      if (PROTECTED.contains(field) || !field.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
        throw new IllegalArgumentException("not a field to drop: " + field);
      }
    }

    @Override
    public String toString() {
      return "without " + field;
    }
  }

  /** {@code max_tokens} has a limit. */
  record LimitMaxTokens(int limit, boolean lasting) implements Quirk {
    /**
     * The lowest limit that is believed. A message may quote a client's text, so that one client
     * could invent a limit for all; a completion of this size is still useful.
     */
    public static final int LOWEST = 256;

    /**
     * @throws IllegalArgumentException if the limit is below {@link #LOWEST}
     */
    public LimitMaxTokens {
      if (limit < LOWEST) {
        throw new IllegalArgumentException("a limit of " + limit);
      }
    }

    @Override
    public String toString() {
      return "max_tokens up to " + limit;
    }
  }

  /** The limit has the other name: {@code max_completion_tokens}, or back. */
  record NameMaxTokens(String field) implements Quirk {
    @Override
    public String toString() {
      return "max_tokens as " + field;
    }
  }

  /** There is no system role; its text goes into the first user message. */
  record SystemAsUser() implements Quirk {
    @Override
    public String toString() {
      return "system as user";
    }
  }

  /** The model sees no images. */
  record NoImages() implements Quirk {
    @Override
    public String toString() {
      return "no images";
    }
  }

  /**
   * The form in which the reasoning of earlier turns is sent back.
   *
   * @param form {@link ReasoningReplay#NONE} if the field is refused
   */
  record Replay(ReasoningReplay form) implements Quirk {
    @Override
    public String toString() {
      return "reasoning replayed as " + form;
    }
  }

  /** The model's context window in tokens, for later requests. */
  record ContextWindow(int tokens) implements Quirk {
    @Override
    public boolean changesRequest() {
      return false;
    }

    @Override
    public String toString() {
      return "context window " + tokens;
    }
  }
}
