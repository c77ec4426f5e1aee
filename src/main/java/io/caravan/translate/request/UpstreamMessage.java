package io.caravan.translate.request;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import io.caravan.translate.reasoning.Reasoning;
import java.util.List;

/** A message as OpenAI's protocol has it, before it is written. */
sealed interface UpstreamMessage {
  /** The system prompt. */
  record Instructions(JsonText text) implements UpstreamMessage {}

  /** What the user says. */
  record User(List<Part> parts) implements UpstreamMessage {}

  /**
   * What the model said.
   *
   * @param reasoning null where there is none to send
   * @param prefix whether the model is to go on from it
   */
  record Assistant(JsonText text, Reasoning reasoning, List<Call> calls, boolean prefix)
      implements UpstreamMessage {}

  /** What a tool gave. */
  record Tool(String callId, JsonText text) implements UpstreamMessage {}

  /**
   * A tool call.
   *
   * @param name as the upstream knows it
   * @param thoughtSignature Gemini's, or null
   */
  record Call(String id, String name, RawJson arguments, String thoughtSignature) {}

  /** A part of a user message. */
  sealed interface Part {
    /** Text. */
    record Text(JsonText text) implements Part {
      Text(String text) {
        this(JsonText.of(text));
      }
    }

    /** An image: a data URI or another URL. */
    record Image(JsonText url) implements Part {}

    /** A file: a data URI or another URL. */
    record File(String name, JsonText data) implements Part {}
  }
}
