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
        Marker.token(this, "<｜DSML｜invoke name="),
        Marker.stray(this, "</｜DSML｜function_calls>"),
        Marker.stray(this, "</｜DSML｜tool_calls>"),
        Marker.token(this, "<|DSML|function_calls>"),
        Marker.token(this, "<|DSML|tool_calls>"),
        Marker.token(this, "<|DSML|invoke name="),
        Marker.stray(this, "</|DSML|function_calls>"),
        Marker.stray(this, "</|DSML|tool_calls>"));
  }

  @Override
  public MarkupParser open(Marker opening, DeclaredTools tools) {
    String token = opening.text().substring(1, opening.text().indexOf("DSML") + 5);
    boolean section = opening.text().endsWith(">");
    return new Parser(token, section ? opening.text() : "", tools);
  }

  private static final class Parser extends TagCallParser {
    private static final String QUOTES = "\"'";

    private final String token;
    private final String wrapper;
    private boolean string;
    private boolean typed;

    Parser(String token, String wrapper, DeclaredTools tools) {
      super(tools, "<" + token + "parameter name=", "</" + token + "parameter>");
      this.token = token;
      this.wrapper = wrapper;
    }

    @Override
    int head(CharSequence text) {
      int open = MarkupText.after(text, MarkupText.blanks(text, wrapper.length()), opening());
      if (open < 0 || open == text.length()) {
        return open < 0 ? open : MORE;
      }
      int from = open + (QUOTES.indexOf(text.charAt(open)) >= 0 ? 1 : 0);
      int close = MarkupText.name(text, from);
      if (close < 0) {
        return from == text.length() ? MORE : close;
      }
      String written = MarkupText.string(text, from, close);
      int behind =
          from == open ? close : MarkupText.after(text, close, String.valueOf(text.charAt(open)));
      behind = behind < 0 ? behind : MarkupText.after(text, behind, ">");
      name = behind < 0 ? null : written;
      return behind;
    }

    @Override
    int parameter(CharSequence text, int at) {
      int close = MarkupText.findWithin(text, at, ">", MarkupText.MAX_NAME);
      if (close < 0) {
        return close;
      }
      String attributes = MarkupText.string(text, at, close);
      String[] words = attributes.strip().split("\\s+", 2);
      key = unquoted(words[0]);
      String type = words.length == 1 ? "" : unquoted(words[1].replaceFirst("^string=", ""));
      string = type.equals("true");
      typed = string || type.equals("false");
      return key.isEmpty() ? NO : close + 1;
    }

    @Override
    String opening() {
      return "<" + token + "invoke name=";
    }

    private static String unquoted(String word) {
      return word.replace("\"", "").replace("'", "");
    }

    @Override
    String wrapperOpening() {
      return wrapper;
    }

    @Override
    String wrapperClosing() {
      return wrapper.isEmpty() ? "" : "</" + wrapper.substring(1);
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
