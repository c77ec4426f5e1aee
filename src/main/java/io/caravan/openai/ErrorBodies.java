package io.caravan.openai;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.util.Map;

/** Stand-in of this branch until the real one is merged. */
public final class ErrorBodies {
  private ErrorBodies() {}

  public static UpstreamError parse(String json) {
    Object tree;
    try {
      tree = JsonTree.read(RawJson.of(json));
    } catch (IllegalArgumentException e) {
      return new UpstreamError(0, null, null, json, null);
    }
    if (tree instanceof java.util.List<?> list && !list.isEmpty()) {
      tree = list.get(0);
    }
    if (tree instanceof Map<?, ?> map) {
      Object error = map.get("error") == null ? map : map.get("error");
      if (error instanceof Map<?, ?> fields) {
        int status = 0;
        Object code = fields.get("code");
        try {
          status = code == null ? 0 : Integer.parseInt(code.toString());
        } catch (NumberFormatException e) {
          status = 0;
        }
        Object message =
            fields.get("message") != null ? fields.get("message") : fields.get("detail");
        return new UpstreamError(
            status,
            text(fields.get("type")),
            text(code),
            message == null ? "" : message.toString(),
            null);
      }
      return new UpstreamError(0, null, null, String.valueOf(error), null);
    }
    return new UpstreamError(0, null, null, String.valueOf(tree), null);
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
