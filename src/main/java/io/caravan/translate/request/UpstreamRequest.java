package io.caravan.translate.request;

import io.caravan.json.RawJson;

/**
 * A request as it goes to an OpenAI-compatible upstream, and what is needed to understand the
 * answer.
 *
 * @param body the JSON body
 * @param toolNames leads from the upstream's tool names back to the client's
 * @param prefill the text the answer was told to begin with; where it does, that is taken off; null
 *     where there is none
 * @param losses what the request lost on the way
 * @param spans where in the body the messages are
 */
public record UpstreamRequest(
    RawJson body, ToolNames toolNames, String prefill, Losses losses, BodySpans spans) {

  /** Returns a request of another protocol, of which only the bytes are known. */
  public static UpstreamRequest of(RawJson body) {
    return new UpstreamRequest(
        body, new ToolNames(0), null, new Losses(), new BodySpans(0, new int[0], 0));
  }

  /** The same request in other bytes, of which it isn't told any more where its messages are. */
  public UpstreamRequest withBody(RawJson other) {
    return new UpstreamRequest(other, toolNames, prefill, losses, spans);
  }
}
