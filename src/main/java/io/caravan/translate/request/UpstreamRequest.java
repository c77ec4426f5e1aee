package io.caravan.translate.request;

import io.caravan.json.RawJson;

/**
 * A request for an OpenAI-compatible upstream, with the facts that are needed to read its
 * completion.
 *
 * @param body the JSON body
 * @param toolNames maps the upstream's tool names back to the client's
 * @param prefill the text with which the completion must begin, which is then removed from it; null
 *     if there is none
 * @param losses the losses of the request
 * @param spans the places of the messages in the body
 */
public record UpstreamRequest(
    RawJson body, ToolNames toolNames, String prefill, Losses losses, BodySpans spans) {

  /** Returns a request of another protocol, of which only the bytes are known. */
  public static UpstreamRequest of(RawJson body) {
    return new UpstreamRequest(
        body, new ToolNames(0), null, new Losses(), new BodySpans(0, new int[0], 0));
  }

  /**
   * Returns the same request with another body. The places of the messages are no longer valid for
   * it.
   */
  public UpstreamRequest withBody(RawJson other) {
    return new UpstreamRequest(other, toolNames, prefill, losses, spans);
  }
}
