package io.caravan.markup;

import java.util.List;

/**
 * {@code <tool_call>{"name":…,"arguments":{…}}</tool_call>}: Hermes, Qwen 2.5 and 3.
 *
 * <p>The closing tag may be missing: some servers take it for the end of the message.
 */
final class HermesMarkup implements MarkupFamily {
  @Override
  public String name() {
    return "hermes";
  }

  @Override
  public List<Marker> markers() {
    return List.of(Marker.tag(this, "<tool_call>"), Marker.closer(this, "</tool_call>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new JsonListParser(opening, '{', tools);
  }
}
