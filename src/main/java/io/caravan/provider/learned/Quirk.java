package io.caravan.provider.learned;

import io.caravan.provider.ReasoningReplay;
import io.caravan.provider.SchemaForm;
import java.util.List;
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

  /** Returns whether this fact takes the place of another one. */
  default boolean replaces(Quirk other) {
    return other.getClass() == getClass();
  }

  /**
   * Returns whether the change takes free text of the client out of the request. A success without
   * it then doesn't prove anything: the text may have been the reason.
   */
  default boolean takesText() {
    return false;
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

    /** The fields that hold words of the client. */
    private static final Set<String> OF_TEXT =
        Set.of("response_format", "stop", "metadata", "user", "prompt_cache_key", "tool_choice");

    @Override
    public boolean replaces(Quirk other) {
      return other.equals(this);
    }

    @Override
    public boolean takesText() {
      return OF_TEXT.contains(field);
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

  /** The model's chat template has a rule for conversations. */
  record Template(Rule rule) implements Quirk {
    /** The rules that templates of Mistral, Llama and Gemma have. */
    public enum Rule {
      /** User and assistant alternate, and a tool's result isn't followed by the user. */
      ALTERNATING_ROLES,
      /** The ids of tool calls have nine letters and digits. */
      NINE_CHARACTER_IDS,
      /** A turn has one tool call at most. */
      SINGLE_TOOL_CALLS
    }

    @Override
    public boolean replaces(Quirk other) {
      return other.equals(this);
    }

    @Override
    public String toString() {
      return switch (rule) {
        case ALTERNATING_ROLES -> "alternating roles";
        case NINE_CHARACTER_IDS -> "tool ids of 9 characters";
        case SINGLE_TOOL_CALLS -> "one tool call at a time";
      };
    }
  }

  /** Betas are left out of the header {@code anthropic-beta}. */
  record DropBetas(List<String> names) implements Quirk {
    public DropBetas {
      names = List.copyOf(names);
    }

    @Override
    public boolean replaces(Quirk other) {
      return other.equals(this);
    }

    @Override
    public String toString() {
      return "without betas " + String.join(", ", names);
    }
  }

  /**
   * The schemas of tools have a smaller form.
   *
   * @param without the keywords that are left out
   * @param properties whether parameters always have {@code properties}
   * @param reserved the parameters that have an alias
   */
  record Schemas(SchemaForm form, List<String> without, boolean properties, List<String> reserved)
      implements Quirk {
    public Schemas {
      without = List.copyOf(without);
      reserved = List.copyOf(reserved);
    }

    /** Returns whether this form is smaller than another one, of which it has all. */
    boolean isBeyond(Schemas other) {
      return !equals(other)
          && form.compareTo(other.form) >= 0
          && without.containsAll(other.without)
          && reserved.containsAll(other.reserved)
          && (properties || !other.properties);
    }

    @Override
    public boolean takesText() {
      return true;
    }

    @Override
    public String toString() {
      StringBuilder words = new StringBuilder("schemas ").append(form);
      words.append(without.isEmpty() ? "" : " without " + String.join(", ", without));
      words.append(properties ? " with properties" : "");
      words.append(reserved.isEmpty() ? "" : ", other names for " + String.join(", ", reserved));
      return words.toString();
    }
  }

  /** A request has only so many stop sequences; 0 for none. */
  record MaxStops(int most) implements Quirk {
    @Override
    public boolean takesText() {
      return true;
    }

    @Override
    public String toString() {
      return "stop sequences up to " + most;
    }
  }

  /**
   * The efforts that the model accepts.
   *
   * @param names their names, separated by commas
   */
  record Efforts(String names) implements Quirk {
    @Override
    public String toString() {
      return "efforts " + names;
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
