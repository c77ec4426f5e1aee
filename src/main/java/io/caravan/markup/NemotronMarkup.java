package io.caravan.markup;

import java.util.List;

/**
 * {@code <TOOLCALL>[{"name":…,"arguments":{…}}]</TOOLCALL>}: Llama Nemotron. NIM has been seen to
 * send it as text beside the same call in {@code tool_calls} (earendil-works/pi#1574).
 */
final class NemotronMarkup implements MarkupFamily {
  @Override
  public String name() {
    return "nemotron";
  }

  @Override
  public List<Marker> markers() {
    return List.of(Marker.tag(this, "<TOOLCALL>"), Marker.closer(this, "</TOOLCALL>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return new JsonListParser(opening, '[', tools);
  }
}
