package io.caravan.openai;

/**
 * A piece of a tool call.
 *
 * @param index the slot, or null if the upstream gives none
 * @param id the id, or null
 * @param name the name, or null
 * @param arguments JSON text or a fragment of it, never null; an object is given as its text
 * @param thoughtSignature the signature that Gemini expects back with the call, or null
 */
public record ToolCallDelta(
    Integer index, String id, String name, String arguments, String thoughtSignature) {
  public ToolCallDelta(Integer index, String id, String name, String arguments) {
    this(index, id, name, arguments, null);
  }
}
