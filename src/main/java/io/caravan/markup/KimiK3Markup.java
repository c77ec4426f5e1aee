package io.caravan.markup;

import java.util.List;

/**
 * {@code <|open|>tools<|sep|><|open|>call tool="NAME" index="1"<|sep|><|open|>argument key="KEY"
 * type="string"<|sep|>value<|close|>argument<|sep|><|close|>call<|sep|><|close|>tools<|sep|>}: Kimi
 * K3, by its chat template. The same elements hold its reasoning and its content
 * (sgl-project/sglang#39583).
 */
final class KimiK3Markup implements MarkupFamily {
  private static final String TOOLS = "<|open|>tools<|sep|>";
  private static final String CALL = "<|open|>call ";
  private static final String THINK = "<|open|>think<|sep|>";
  private static final String THINK_END = "<|close|>think<|sep|>";
  private static final String RESPONSE = "<|open|>response<|sep|>";
  private static final String SEPARATOR = "<|sep|>";
  private static final String JSON = "json";

  @Override
  public String name() {
    return "kimi-k3";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, TOOLS),
        Marker.token(this, CALL),
        Marker.token(this, THINK),
        Marker.token(this, THINK_END),
        Marker.token(this, RESPONSE),
        Marker.stray(this, "<|close|>response<|sep|>"),
        Marker.stray(this, "<|close|>tools<|sep|>"),
        Marker.stray(this, "<|close|>message<|sep|>"),
        Marker.stray(this, "<|end_of_msg|>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    return switch (opening.text()) {
      case THINK -> new ChannelParser(opening, Channel.REASONING);
      case THINK_END, RESPONSE -> new ChannelParser(opening, Channel.CONTENT);
      default -> new Parser(opening.text().equals(TOOLS) ? TOOLS.length() : 0, tools);
    };
  }

  private static final class Parser extends TagCallParser {
    private final int wrapper;
    private boolean string;
    private String whole;

    Parser(int wrapper, DeclaredTools tools) {
      super(tools, "<|open|>", "<|close|>argument<|sep|>");
      this.wrapper = wrapper;
    }

    @Override
    int head(CharSequence text) {
      int open = MarkupText.after(text, MarkupText.blanks(text, wrapper), CALL);
      int close =
          open < 0 ? open : MarkupText.findWithin(text, open, SEPARATOR, 2 * MarkupText.MAX_NAME);
      if (close < 0) {
        return close;
      }
      name = attribute(MarkupText.string(text, open, close), "tool");
      return name == null ? NO : close + SEPARATOR.length();
    }

    @Override
    int parameter(CharSequence text, int at) {
      int close = MarkupText.findWithin(text, at, SEPARATOR, 2 * MarkupText.MAX_NAME);
      if (close < 0) {
        return close;
      }
      String head = MarkupText.string(text, at, close);
      boolean json = head.startsWith(JSON);
      String named = json ? JSON : attribute(head, "key");
      if (named == null || (!json && !head.startsWith("argument "))) {
        return NO;
      }
      key = named;
      string = !json && "string".equals(attribute(head, "type"));
      valueClose = "<|close|>" + (json ? JSON : "argument") + SEPARATOR;
      return close + SEPARATOR.length();
    }

    @Override
    String opening() {
      return CALL;
    }

    @Override
    String closing() {
      return "<|close|>call<|sep|>";
    }

    @Override
    String value(String parameter, String text, ToolSchema schema) {
      if (valueClose.startsWith(JSON, "<|close|>".length())) {
        whole = text;
      }
      return string ? ModelJson.quote(text) : TypedValue.guess(text);
    }

    /** Returns the arguments. The model may write them as one whole object. */
    @Override
    String json() {
      return whole == null ? super.json() : whole;
    }

    private static String attribute(String head, String name) {
      int from = head.indexOf(name + "=\"");
      int value = from + name.length() + 2;
      int to = from < 0 ? -1 : head.indexOf('"', value);
      return to < 0
          ? null
          : head.substring(value, to).replace("&quot;", "\"").replace("&amp;", "&");
    }
  }
}
