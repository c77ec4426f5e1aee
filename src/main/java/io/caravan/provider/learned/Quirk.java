package io.caravan.provider.learned;

import io.caravan.provider.ReasoningReplay;
import java.util.Set;

/**
 * One thing that an upstream has said it doesn't take for a model, so that the request is written
 * without it from then on.
 */
public sealed interface Quirk {
  /**
   * Whether it holds for the model. Otherwise it holds for the request that was refused alone: the
   * complaint was of what that request asked for.
   */
  default boolean lasting() {
    return true;
  }

  /** Whether a request that was refused can be sent again, changed by this. */
  default boolean changesRequest() {
    return true;
  }

  /** A top-level field is left out. */
  record DropField(String field, boolean lasting) implements Quirk {
    /** Without these there is no request, or one that the client didn't make. */
    public static final Set<String> PROTECTED =
        Set.of("model", "messages", "tools", "stream", "max_tokens", "max_completion_tokens");

    /**
     * @throws IllegalArgumentException for a field that is never dropped, or no name of a field
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
     * The lowest limit believed. A message may quote what a client sent, so that one client could
     * make up a limit for all; an answer of this size is still of use.
     */
    public static final int LOWEST = 256;

    /**
     * @throws IllegalArgumentException for a limit below {@link #LOWEST}
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

  /** The limit of the answer goes by another name: {@code max_completion_tokens}, or back. */
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
   * How the reasoning of earlier turns is sent back.
   *
   * @param form {@link ReasoningReplay#NONE} where the field is refused
   */
  record Replay(ReasoningReplay form) implements Quirk {
    @Override
    public String toString() {
      return "reasoning replayed as " + form;
    }
  }

  /** The model's context window in tokens: for requests to come. */
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
