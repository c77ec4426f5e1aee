package io.caravan.markup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Converts MiniMax M3's nested elements to JSON. An array is a run of {@code <item>}; an object has
 * an element for each member.
 */
final class MiniMaxM3Arguments {
  private static final String OPEN = MiniMaxM3Markup.SPACE + "<";
  private static final String CLOSE = MiniMaxM3Markup.SPACE + "</";
  private static final String ITEM = "item";
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;

  /** One child of an element. */
  private record Element(String name, String json) {}

  /**
   * @param text the text between the tags of the call
   */
  MiniMaxM3Arguments(String text) {
    this.text = text;
  }

  /** Returns the arguments as a JSON object, or null if the text isn't one. */
  String json(ToolSchema schema) {
    List<Element> children = children(schema, 0);
    return children == null || at != text.length() ? null : object(children);
  }

  /** Reads all elements at this place, or returns null if they are malformed. */
  private List<Element> children(ToolSchema schema, int depth) {
    List<Element> children = new ArrayList<>();
    skip();
    while (text.startsWith(OPEN, at) && !text.startsWith(CLOSE, at)) {
      int nameEnd = text.indexOf('>', at + OPEN.length());
      if (nameEnd < 0 || depth > MAX_DEPTH) {
        return null;
      }
      String name = text.substring(at + OPEN.length(), nameEnd);
      at = nameEnd + 1;
      String json = value(inner(schema, name), depth + 1);
      String close = CLOSE + name + ">";
      if (json == null || !text.startsWith(close, at)) {
        return null;
      }
      at += close.length();
      children.add(new Element(name, json));
      skip();
    }
    return children;
  }

  private static ToolSchema inner(ToolSchema schema, String name) {
    return name.equals(ITEM) && schema.types().contains("array")
        ? schema.items()
        : schema.property(name);
  }

  /** Reads plain text or elements up to the closing tag. */
  private String value(ToolSchema schema, int depth) {
    int tag = text.indexOf(MiniMaxM3Markup.SPACE, at);
    if (tag < 0) {
      return null;
    }
    String plain = text.substring(at, tag);
    if (text.startsWith(CLOSE, tag)) {
      at = tag;
      return TypedValue.json(plain, schema);
    }
    if (!plain.isBlank()) {
      return null;
    }
    List<Element> children = children(schema, depth);
    return children == null || children.isEmpty() ? null : nested(children, schema);
  }

  private static String nested(List<Element> children, ToolSchema schema) {
    Set<String> types = schema.types();
    boolean items = children.stream().allMatch(child -> child.name().equals(ITEM));
    boolean array = types.contains("array") || types.isEmpty();
    return items && array ? array(children.stream().map(Element::json).toList()) : object(children);
  }

  private static String array(List<String> items) {
    return "[" + String.join(",", items) + "]";
  }

  /** Returns an object. Members of the same name become one list. */
  private static String object(List<Element> children) {
    Map<String, List<String>> members = new LinkedHashMap<>();
    children.forEach(
        child -> members.computeIfAbsent(child.name(), n -> new ArrayList<>()).add(child.json()));
    Map<String, String> json = new LinkedHashMap<>();
    members.forEach((name, all) -> json.put(name, all.size() == 1 ? all.get(0) : array(all)));
    return ModelJson.object(json);
  }

  private void skip() {
    at = MarkupText.blanks(text, at);
  }
}
