package io.caravan.reload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The text of a route file, with the lines of its beans and of its other elements. */
final class RouteText {
  /** An element of the list that a file is, with the beans in it. */
  private record Element(Object value, int first, int end, List<Bean> beans) {}

  /**
   * A bean.
   *
   * @param value its YAML as maps, lists and strings
   */
  record Bean(String name, Map<?, ?> value, int first, int end) {}

  private final String text;
  private final List<Element> elements = new ArrayList<>();

  private RouteText(String text) {
    this.text = text;
  }

  /**
   * Parses a file.
   *
   * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException if it is no YAML
   */
  static RouteText parse(String text) {
    RouteText parsed = new RouteText(text);
    new Compose(LoadSettings.builder().build()).composeString(text).ifPresent(parsed::read);
    return parsed;
  }

  private void read(Node root) {
    if (root instanceof SequenceNode list) {
      list.getValue().forEach(each -> elements.add(element(each)));
    } else {
      elements.add(element(root));
    }
  }

  private static Element element(Node node) {
    List<Bean> beans = new ArrayList<>();
    if (node instanceof MappingNode map
        && map.getValue().size() == 1
        && value(map.getValue().get(0).getKeyNode()).equals("beans")
        && map.getValue().get(0).getValueNode() instanceof SequenceNode list) {
      list.getValue().forEach(each -> beans.add(bean(each)));
    }
    return new Element(value(node), first(node), end(node), beans);
  }

  private static Bean bean(Node node) {
    Map<?, ?> value = value(node) instanceof Map<?, ?> map ? map : Map.of();
    return new Bean(String.valueOf(value.get("name")), value, first(node), end(node));
  }

  /** Returns the beans, in their order. */
  List<Bean> beans() {
    return elements.stream().flatMap(element -> element.beans().stream()).toList();
  }

  /** Returns all but the beans, as maps, lists and strings. */
  List<Object> others() {
    return elements.stream()
        .filter(element -> element.beans().isEmpty())
        .map(Element::value)
        .toList();
  }

  /**
   * Returns the text with blank lines in place of all that is not kept, so that each step stays on
   * its line; empty if nothing is kept.
   *
   * @param others whether all but the beans is kept
   * @param beans the beans that are kept, by name
   */
  String keeping(boolean others, Predicate<String> beans) {
    String[] lines = text.split("\n", -1);
    boolean any = false;
    for (Element element : elements) {
      boolean kept =
          element.beans().isEmpty()
              ? others
              : element.beans().stream().anyMatch(bean -> beans.test(bean.name()));
      any |= kept;
      if (!kept) {
        blank(lines, element.first(), element.end());
      }
      for (Bean bean : element.beans()) {
        if (kept && !beans.test(bean.name())) {
          blank(lines, bean.first(), bean.end());
        }
      }
    }
    return any ? String.join("\n", lines) : "";
  }

  private static void blank(String[] lines, int first, int end) {
    Arrays.fill(lines, first, Math.min(end, lines.length), "");
  }

  private static int first(Node node) {
    return node.getStartMark().orElseThrow().getLine();
  }

  /** A node in braces ends on its last line; any other ends where the next one begins. */
  private static int end(Node node) {
    int line = node.getEndMark().orElseThrow().getLine();
    boolean block =
        node instanceof CollectionNode<?> collection
            && collection.getFlowStyle() == FlowStyle.BLOCK;
    return block && line > first(node) ? line : line + 1;
  }

  private static Object value(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    if (node instanceof SequenceNode list) {
      return list.getValue().stream().map(RouteText::value).toList();
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        map.put(value(entry.getKeyNode()), value(entry.getValueNode()));
      }
    }
    return map;
  }
}
