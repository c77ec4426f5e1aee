package io.caravan.markup;

import io.caravan.json.RawJson;
import java.util.HashMap;
import java.util.Map;

/** The tools that the client declared, under the names that were sent upstream. */
final class DeclaredTools {
  private static final String CALL = ".call";

  private final Map<String, RawJson> schemas;
  private final Map<String, ToolSchema> read = new HashMap<>();

  DeclaredTools(Map<String, RawJson> schemas) {
    this.schemas = schemas;
  }

  /**
   * Returns the declared name that a written one stands for, or null. Models and servers add to
   * names: the namespace {@code functions.} (Kimi, gpt-oss), {@code .call} (Llama 3.1), and the
   * rest of a tag or token that a parser cut too late ({@code query<|channel|>commentary},
   * vllm-project/vllm#32587; {@code list</arg_value>}, fw-ai-external/python-sdk#119).
   */
  String resolve(String written) {
    String name = written.strip();
    if (schemas.containsKey(name)) {
      return name;
    }
    int tag = name.indexOf('<');
    if (tag > 0) {
      name = name.substring(0, tag).strip();
    }
    if (!schemas.containsKey(name) && name.startsWith("functions.")) {
      name = name.substring("functions.".length());
    }
    if (!schemas.containsKey(name) && name.endsWith(CALL)) {
      name = name.substring(0, name.length() - CALL.length());
    }
    return schemas.containsKey(name) ? name : null;
  }

  /** Returns a call, or null if the tool isn't declared or the arguments aren't a JSON object. */
  MarkupCall call(String written, String id, String arguments) {
    String name = resolve(written);
    String object = name == null ? null : ModelJson.object(arguments.isBlank() ? "{}" : arguments);
    return object == null ? null : new MarkupCall(name, id, object);
  }

  /** Returns the same call, or null also if its arguments don't fit the tool's schema. */
  MarkupCall fittingCall(String written, String id, String arguments) {
    MarkupCall call = call(written, id, arguments);
    return call != null && schema(written).fits(call.arguments()) ? call : null;
  }

  /** Returns the schema of a tool's input, or {@link ToolSchema#UNKNOWN}. */
  ToolSchema schema(String written) {
    String name = resolve(written);
    return name == null
        ? ToolSchema.UNKNOWN
        : read.computeIfAbsent(name, n -> ToolSchema.read(schemas.get(n)));
  }
}
