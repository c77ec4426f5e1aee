package io.caravan.markup;

import java.util.List;

/**
 * {@code <｜DSML｜function_calls><｜DSML｜invoke name="NAME"><｜DSML｜parameter name="KEY"
 * string="true">value</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>}: DeepSeek V3.2. V4
 * writes {@code tool_calls} instead.
 *
 * <p>The section is often missing or has the other name (sgl-project/sglang#40236). The bars are
 * also seen as ASCII (cline/cline#13348).
 */
final class DsmlMarkup implements MarkupFamily {
  @Override
  public String name() {
    return "dsml";
  }

  @Override
  public List<Marker> markers() {
    return List.of(
        Marker.token(this, "<｜DSML｜function_calls>"),
        Marker.token(this, "<｜DSML｜tool_calls>"),
        Marker.token(this, "<｜DSML｜invoke name=\""),
        Marker.stray(this, "</｜DSML｜function_calls>"),
        Marker.stray(this, "</｜DSML｜tool_calls>"),
        Marker.token(this, "<|DSML|function_calls>"),
        Marker.token(this, "<|DSML|tool_calls>"),
        Marker.token(this, "<|DSML|invoke name=\""),
        Marker.stray(this, "</|DSML|function_calls>"),
        Marker.stray(this, "</|DSML|tool_calls>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    String token = opening.text().substring(1, opening.text().indexOf("DSML") + 5);
    int wrapper = opening.text().endsWith(">") ? opening.text().length() : 0;
    return new Parser(token, wrapper, tools);
  }

  private static final class Parser extends TagCallParser {
    private final String token;
    private final int wrapper;
    private boolean string;
    private boolean typed;

    Parser(String token, int wrapper, DeclaredTools tools) {
      super(tools, "<" + token + "parameter name=\"", "</" + token + "parameter>");
      this.token = token;
      this.wrapper = wrapper;
    }

    @Override
    int head(CharSequence text) {
      int open =
          MarkupText.after(text, MarkupText.blanks(text, wrapper), "<" + token + "invoke name=\"");
      int close = open < 0 ? open : MarkupText.name(text, open);
      if (close < 0) {
        return close;
      }
      name = MarkupText.string(text, open, close);
      return MarkupText.after(text, close, "\">");
    }

    @Override
    int parameter(CharSequence text, int at) {
      int close = MarkupText.findWithin(text, at, ">", MarkupText.MAX_NAME);
      if (close < 0) {
        return close;
      }
      String attributes = MarkupText.string(text, at, close);
      int quote = attributes.indexOf('"');
      if (quote < 0) {
        return NO;
      }
      key = attributes.substring(0, quote);
      string = attributes.endsWith("string=\"true\"");
      typed = string || attributes.endsWith("string=\"false\"");
      return close + 1;
    }

    @Override
    String opening() {
      return "<" + token + "invoke name=\"";
    }

    @Override
    String closing() {
      return "</" + token + "invoke>";
    }

    /**
     * Returns the JSON of a value. The tag's own attribute tells strings from other JSON; without
     * it the schema decides.
     */
    @Override
    String value(String parameter, String text, ToolSchema schema) {
      if (string) {
        return ModelJson.quote(text);
      }
      return typed && ModelJson.isValue(text.strip())
          ? text.strip()
          : TypedValue.json(text, schema);
    }
  }
}
