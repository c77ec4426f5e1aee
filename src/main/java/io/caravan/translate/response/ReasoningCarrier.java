package io.caravan.translate.response;

import io.caravan.anthropic.Event;
import io.caravan.json.RawJson;
import io.caravan.openai.ReasoningDetails;
import io.caravan.translate.reasoning.ReasoningSignature;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gathers reasoning that an upstream expects back with the conversation, and puts it into
 * signatures.
 */
final class ReasoningCarrier {
  private final boolean thinking;
  private final ReasoningDetails details = new ReasoningDetails();
  private final StringBuilder allDetails = new StringBuilder();
  private final Map<String, String> thoughts = new LinkedHashMap<>();

  /**
   * @param thinking whether the client accepts thinking blocks
   */
  ReasoningCarrier(boolean thinking) {
    this.thinking = thinking;
  }

  void addDetails(String array) {
    details.add(array);
  }

  /** Returns the signature of a block that hides this text. */
  String signature(String hidden) {
    return new ReasoningSignature(hidden, takeDetails(), Map.of()).encode();
  }

  /**
   * Sends the reasoning that belongs to a call and has not gone out yet, as a thinking block
   * without text: details whose signature came late (OpenRouterTeam/ai-sdk-provider), or Gemini's
   * thought signature, without which Gemini refuses the call when it comes back.
   */
  void sendBefore(GrowingCall call, String toolUseId, BlockQueue out) {
    if (call.thoughtSignature != null) {
      thoughts.put(toolUseId, call.thoughtSignature);
    }
    if (!thinking || (call.thoughtSignature == null && details.isEmpty())) {
      return;
    }
    Map<String, String> own =
        call.thoughtSignature == null ? Map.of() : Map.of(toolUseId, call.thoughtSignature);
    int index = out.next();
    out.send(new Event.ThinkingStart(index));
    out.send(
        new Event.SignatureDelta(index, new ReasoningSignature("", takeDetails(), own).encode()));
    out.send(new Event.BlockStop(index));
  }

  /** Returns whether details are left that no block has carried. */
  boolean hasDetails() {
    return !details.isEmpty();
  }

  /** Returns all details of the completion as one array, or null. */
  String details() {
    takeDetails();
    return allDetails.length() == 0 ? null : "[" + allDetails + "]";
  }

  /** Returns the thought signatures of the completion's calls, by the ids that the client knows. */
  Map<String, String> thoughtSignatures() {
    return thoughts;
  }

  private RawJson takeDetails() {
    String array = details.take();
    if (array == null) {
      return null;
    }
    allDetails.append(allDetails.length() == 0 ? "" : ",").append(array, 1, array.length() - 1);
    return RawJson.of(array);
  }
}
