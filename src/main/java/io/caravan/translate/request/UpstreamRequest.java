package io.caravan.translate.request;

import io.caravan.json.RawJson;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.Complaints;
import io.caravan.provider.learned.Quirk;
import io.caravan.provider.learned.SchemaComplaint;
import java.util.List;

/**
 * A request for an OpenAI-compatible upstream, with the facts that are needed to read its
 * completion.
 *
 * @param body the JSON body
 * @param toolNames maps the upstream's tool names back to the client's
 * @param schemas the schemas as they were sent
 * @param stops the number of stop sequences that were sent
 * @param prefill the text with which the completion must begin, which is then removed from it; null
 *     if there is none
 * @param losses the losses of the request
 * @param spans the places of the messages in the body
 */
public record UpstreamRequest(
    RawJson body,
    ToolNames toolNames,
    SentSchemas schemas,
    int stops,
    String prefill,
    Losses losses,
    BodySpans spans) {

  /** Returns a request of another protocol, of which only the bytes are known. */
  public static UpstreamRequest of(RawJson body) {
    return new UpstreamRequest(
        body,
        new ToolNames(0),
        SentSchemas.NONE,
        0,
        null,
        new Losses(),
        new BodySpans(0, new int[0], 0));
  }

  /**
   * Returns what a refusal of this request teaches.
   *
   * @param found the facts of its words alone
   */
  public List<Quirk> lessons(UpstreamError error, List<Quirk> found) {
    Quirk.Schemas smaller = schemas.ladder().next(SchemaComplaint.of(error));
    return Complaints.of(error, found, smaller, stops);
  }

  /** Returns the same request as it is kept when it was answered: with an empty body. */
  public UpstreamRequest withoutBody() {
    return withBody(RawJson.EMPTY);
  }

  /**
   * Returns the same request with another body. The places of the messages are no longer valid for
   * it.
   */
  public UpstreamRequest withBody(RawJson other) {
    return new UpstreamRequest(other, toolNames, schemas, stops, prefill, losses, spans);
  }
}
