package io.caravan.exchange;

/**
 * What a request's headers say of the client. The key itself is not kept.
 *
 * @param tenant the name of the client's key, which gives nothing of it away; empty where keys
 *     aren't asked for
 * @param session {@code x-claude-code-session-id}, or null
 * @param agent {@code x-claude-code-agent-id}: set on the calls of a sub-agent, else null
 * @param version {@code anthropic-version}, or null
 * @param betas {@code anthropic-beta}, or null
 * @param traceparent W3C trace context, or null
 */
public record ClientInfo(
    String tenant, String session, String agent, String version, String betas, String traceparent) {
  public static final ClientInfo UNKNOWN = new ClientInfo("", null, null, null, null, null);
}
