package io.caravan.exchange;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The client of a request, by its headers. The client key itself is not kept.
 *
 * @param tenant the name of the client's key, which reveals nothing of the key; empty if no keys
 *     are configured
 * @param session the header {@code x-claude-code-session-id}, or null
 * @param agent the header {@code x-claude-code-agent-id}, which is set on the calls of a sub-agent;
 *     else null
 * @param version the header {@code anthropic-version}, or null
 * @param betas the header {@code anthropic-beta} with its comma-separated names, or null
 * @param traceparent the header {@code traceparent} of W3C's trace context, or null
 * @param software the header {@code user-agent}, or null
 */
public record ClientInfo(
    String tenant,
    String session,
    String agent,
    String version,
    String betas,
    String traceparent,
    String software) {
  private static final int MAX_LENGTH = 256;

  /** Keeps a hash of a long session or agent: they are keys of stores that outlive the request. */
  public ClientInfo {
    session = shortened(session);
    agent = shortened(agent);
  }

  private static String shortened(String id) {
    if (id == null || id.length() <= MAX_LENGTH) {
      return id;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** The client of a request that has passed no accept stage. */
  public static final ClientInfo UNKNOWN = new ClientInfo("", null, null, null, null, null, null);

  /** Returns whether the client is Claude Code, also inside its Agent SDK. */
  public boolean isClaudeCode() {
    return software != null && software.startsWith("claude-cli/");
  }
}
