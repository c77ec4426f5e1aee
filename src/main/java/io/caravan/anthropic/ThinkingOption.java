package io.caravan.anthropic;

/**
 * The {@code thinking} of a request.
 *
 * @param kind the protocol's own word; an absent option is {@link Kind#DISABLED}
 * @param budgetTokens for {@link Kind#ENABLED}, else null
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

  /** Whether the client wants thinking blocks. */
  public boolean wanted() {
    return kind != Kind.DISABLED;
  }

  /** Whether thinking blocks go out with their text left out. */
  public boolean omitted() {
    return "omitted".equals(display);
  }
}
