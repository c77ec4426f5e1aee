package io.caravan.anthropic;

/**
 * The {@code thinking} of a request.
 *
 * @param kind the protocol's own word; an absent option is {@link Kind#DISABLED}
 * @param budgetTokens the budget for {@link Kind#ENABLED}, else null
 * @param display {@code omitted}, {@code summarized}, {@code updates}, or null
 */
public record ThinkingOption(Kind kind, Integer budgetTokens, String display) {
  public static final ThinkingOption ABSENT = new ThinkingOption(Kind.DISABLED, null, null);

  /** The protocol's kinds. */
  public enum Kind {
    ENABLED,
    DISABLED,
    ADAPTIVE,
    BETWEEN_TOOLS
  }

  /** Returns whether the client wants thinking blocks. */
  public boolean wanted() {
    return kind != Kind.DISABLED;
  }

  /** Returns whether thinking blocks go out without their text. */
  public boolean omitted() {
    return "omitted".equals(display);
  }
}
