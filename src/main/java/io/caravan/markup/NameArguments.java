package io.caravan.markup;

import io.caravan.openai.ToolCallDelta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes a call's arguments out of its name, where a server's parser has left them
 * (zai-org/GLM-5#84, vllm-project/vllm#39757: {@code Read<arg_key>file_path</arg_key>…} with {@code
 * {}} for the arguments). A call whose name holds arguments that can't be read is never made: it
 * would run without them.
 */
final class NameArguments {
  private final DeclaredTools tools;
  private final List<MarkupFamily> families;
  private final StructuredCalls structured;
  private final Map<Integer, Name> names = new LinkedHashMap<>();

  /** A call's declared name, with the text behind it and the arguments that came as such. */
  private static final class Name {
    private final String declared;
    private final StringBuilder behind = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();

    Name(String declared) {
      this.declared = declared;
    }
  }

  /**
   * @param structured the pieces that went on before
   */
  NameArguments(DeclaredTools tools, StructuredCalls structured, List<MarkupFamily> families) {
    this.tools = tools;
    this.structured = structured;
    this.families = families;
  }

  /** Returns whether a call waits whose arguments are in its name. */
  boolean isEmpty() {
    return names.isEmpty();
  }

  /**
   * Takes in a piece of a call.
   *
   * @return the piece as it goes on; null if there is nothing left of it
   */
  ToolCallDelta accept(ToolCallDelta delta) {
    Name known = names.get(delta.index());
    if (known == null) {
      known = begin(delta);
      if (known == null) {
        return delta;
      }
      names.put(delta.index(), known);
      known.arguments.append(delta.arguments());
      boolean named = end(delta.name()) > 0;
      return goOn(
          delta.index(),
          known,
          new ToolCallDelta(
              delta.index(),
              delta.id(),
              named ? known.declared : null,
              "",
              delta.thoughtSignature()));
    }
    if (delta.name() != null && !known.declared.startsWith(delta.name())) {
      known.behind.append(delta.name());
    }
    known.arguments.append(delta.arguments());
    return goOn(delta.index(), known, null);
  }

  /** Returns the name if text stands behind it that may be arguments, or null. */
  private Name begin(ToolCallDelta delta) {
    String written = delta.name();
    int at = written == null ? -1 : end(written);
    if (at < 0) {
      return null;
    }
    String name = at == 0 ? structured.bareName(delta.index()) : written.substring(0, at);
    String declared = name == null ? null : tools.resolve(name);
    String behind = written.substring(at).strip();
    // The rest of a tag or token that a parser cut too late is no argument.
    boolean rest = behind.startsWith("</") || (behind.startsWith("<|") && behind.indexOf('{') < 0);
    if (declared == null || behind.isEmpty() || rest) {
      return null;
    }
    Name found = new Name(declared);
    found.behind.append(behind);
    return found;
  }

  private static int end(String written) {
    for (int i = 0; i < written.length(); i++) {
      if ("<{(\n".indexOf(written.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Lets the call's own arguments go on as soon as they are more than an empty object. */
  private ToolCallDelta goOn(Integer index, Name name, ToolCallDelta head) {
    String arguments = name.arguments.toString();
    boolean none = arguments.replaceAll("\\s", "").matches("|\\{|\\{}");
    if (none) {
      return head;
    }
    names.remove(index);
    return head == null
        ? new ToolCallDelta(index, null, null, arguments)
        : new ToolCallDelta(index, head.id(), head.name(), arguments, head.thoughtSignature());
  }

  /**
   * Returns the arguments of the calls that wait, once all has come; null if they can't be read.
   */
  List<ToolCallDelta> end() {
    List<ToolCallDelta> deltas = new ArrayList<>();
    for (Map.Entry<Integer, Name> entry : names.entrySet()) {
      String arguments = read(entry.getValue());
      if (arguments == null) {
        return null;
      }
      deltas.add(new ToolCallDelta(entry.getKey(), null, null, arguments));
    }
    names.clear();
    return deltas;
  }

  private String read(Name name) {
    String behind = name.behind.toString().strip();
    if (behind.startsWith("(")) {
      List<MarkupCall> calls = PythonCalls.read(name.declared + behind, tools);
      return calls.size() == 1 ? calls.get(0).arguments() : null;
    }
    if (behind.startsWith("{") || behind.startsWith("<|")) {
      int brace = behind.indexOf('{');
      int end = behind.lastIndexOf('}');
      return end > brace ? ModelJson.object(behind.substring(brace, end + 1)) : null;
    }
    for (MarkupFamily family : families) {
      String arguments =
          family instanceof DocumentMarkup document
              ? document.arguments(name.declared, behind, tools)
              : null;
      if (arguments != null) {
        return arguments;
      }
    }
    return null;
  }
}
