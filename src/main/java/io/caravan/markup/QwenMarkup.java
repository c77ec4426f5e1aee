package io.caravan.markup;

import java.util.List;

/**
 * {@code <tool_call><function=NAME><parameter=KEY>value</parameter></function></tool_call>}:
 * Qwen3-Coder, Qwen 3.5, Nemotron 3, Step 3.5.
 *
 * <p>Qwen3-Coder omits the opening {@code <tool_call>} in one of five calls and still writes the
 * closing one (ollama/ollama#16686, ollama/ollama#17742).
 */
final class QwenMarkup implements MarkupFamily {
  private static final String WRAPPER = "<tool_call>";

  @Override
  public String name() {
    return "qwen";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.tag(this, WRAPPER),
        Marker.loneTag(this, "<function="),
        Marker.closer(this, "</tool_call>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new FunctionTagParser(opening.text().equals(WRAPPER) ? WRAPPER.length() : 0, tools);
  }
}
