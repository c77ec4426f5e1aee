package io.caravan.anthropic;

import java.util.List;

/**
 * A turn of the conversation. A content given as a string is one {@link Block.Text}.
 *
 * @param role the role: user, assistant, or system (a reminder that Claude Code places between
 *     turns)
 */
public record Message(Role role, List<Block> content) {
  /** The protocol's roles. */
  public enum Role {
    USER,
    ASSISTANT,
    SYSTEM
  }
}
