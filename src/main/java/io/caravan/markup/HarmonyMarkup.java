package io.caravan.markup;

import java.util.List;

/**
 * {@code <|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{…}<|call|>}: gpt-oss,
 * by OpenAI's description of the harmony format. The channels {@code analysis} and {@code final}
 * hold its reasoning and its content.
 *
 * <p>If the server has dropped the {@code <|call|>} (it is a stop token), the call ends with its
 * JSON.
 */
final class HarmonyMarkup implements MarkupFamily {
  @Override
  public String name() {
    return "harmony";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, "<|start|>assistant"),
        Marker.token(this, "<|channel|>"),
        // The prompt ends with the role, so the completion may begin with the rest of its header.
        Marker.at(Marker.Place.START, this, "to=functions."),
        Marker.stray(this, "<|end|>"),
        Marker.stray(this, "<|return|>"),
        Marker.stray(this, "<|call|>"),
        // The model begins to write this role behind a call if nothing stopped it.
        Marker.closer(this, "<|call|>commentary"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new HarmonyParser(tools);
  }
}
