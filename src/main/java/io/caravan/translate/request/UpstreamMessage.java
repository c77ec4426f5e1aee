package io.caravan.translate.request;

import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import io.caravan.translate.reasoning.Reasoning;
import java.util.List;

/** A message in the form of OpenAI's protocol, before it is written. */
sealed interface UpstreamMessage {
  /** The system prompt. */
  record Instructions(JsonText text) implements UpstreamMessage {}

  /** A user's message. */
  record User(List<Part> parts) implements UpstreamMessage {}

  /**
   * A model's message.
   *
   * @param reasoning the reasoning, or null if there is none to send
   * @param prefix whether the model must continue this message
   */
  record Assistant(JsonText text, Reasoning reasoning, List<Call> calls, boolean prefix)
      implements UpstreamMessage {}

  /** The result of a tool call. */
  record Tool(String callId, JsonText text) implements UpstreamMessage {}

  /**
   * A tool call.
   *
   * @param name the name for the upstream
   * @param thoughtSignature Gemini's signature, or null
   */
  record Call(String id, String name, RawJson arguments, String thoughtSignature) {}

  /** A part of a user message. */
  sealed interface Part {
    /** A text. */
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
