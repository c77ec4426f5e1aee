package io.caravan.openai;

import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Joins the pieces of OpenRouter's {@code reasoning_details}, as they have to be sent back. A
 * stream brings an item's text token by token, and its signature last, often alone
 * (OpenRouterTeam/ai-sdk-provider; OpenRouter documentation, "Preserving reasoning").
 */
public final class ReasoningDetails {
  /**
   * The most characters that are kept. They travel with every later request. Beyond the limit all
   * are dropped, since a part of them is worth nothing.
   */
  static final int MAX_LENGTH = 256 * 1024;

  /** The pieces that are gathered before they are merged. They come with every token. */
  private static final int BATCH = 64;

  private final List<String> pieces = new ArrayList<>();
  private final List<Map<String, Object>> items = new ArrayList<>();
  private long length;

  /** Adds the array of one chunk. */
  public void add(String array) {
    if (pieces.size() >= BATCH) {
      merge();
    }
    pieces.add(array);
  }

  public boolean isEmpty() {
    return pieces.isEmpty() && items.isEmpty();
  }

  /**
   * Returns the whole array as JSON and empties this instance; null if there is nothing to send.
   */
  public String take() {
    merge();
    String json = null;
    if (!items.isEmpty()) {
      for (Map<String, Object> item : items) {
        item.replaceAll((name, value) -> value instanceof StringBuilder ? value.toString() : value);
      }
      json = new JsonWriter(256).tree(items).finish().toString();
    }
    items.clear();
    length = 0;
    return json;
  }

  /** Returns the readable reasoning of an array. */
  static String text(String array) {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> item : parse(array)) {
      Object part = item.get("text") != null ? item.get("text") : item.get("summary");
      if (part instanceof String string) {
        text.append(string);
      }
    }
    return text.toString();
  }

  private void merge() {
    for (String piece : pieces) {
      for (Map<String, Object> item : parse(piece)) {
        if (length <= MAX_LENGTH) {
          add(item);
        }
      }
    }
    pieces.clear();
    if (length > MAX_LENGTH) {
      items.clear();
    }
  }

  private void add(Map<String, Object> item) {
    for (Object value : item.values()) {
      length += value instanceof String text ? text.length() : 8;
    }
    Map<String, Object> begun = begun(item);
    if (begun == null) {
      items.add(item);
    } else {
      join(begun, item);
    }
  }

  /** Returns the item that this one continues, or null. */
  private Map<String, Object> begun(Map<String, Object> item) {
    Map<String, Object> last = items.isEmpty() ? null : items.get(items.size() - 1);
    if (last == null
        || !same("type", last, item)
        || !same("index", last, item)
        || (last.get("id") != null && item.get("id") != null && !same("id", last, item))) {
      return null;
    }
    // Encrypted reasoning comes whole, and a signature ends a text.
    boolean ended = last.get("data") != null || last.get("signature") != null;
    boolean brings =
        item.get("data") != null || item.get("text") != null || item.get("summary") != null;
    return ended && brings ? null : last;
  }

  private static boolean same(String field, Map<String, Object> a, Map<String, Object> b) {
    return Objects.equals(String.valueOf(a.get(field)), String.valueOf(b.get(field)));
  }

  private static void join(Map<String, Object> begun, Map<String, Object> piece) {
    for (Map.Entry<String, Object> field : piece.entrySet()) {
      boolean text = field.getKey().equals("text") || field.getKey().equals("summary");
      if (text && field.getValue() instanceof String more) {
        begun.compute(field.getKey(), (name, before) -> append(before, more));
      } else if (field.getValue() != null) {
        begun.put(field.getKey(), field.getValue());
      }
    }
  }

  private static Object append(Object before, String more) {
    if (!(before instanceof CharSequence)) {
      return more;
    }
    StringBuilder text =
        before instanceof StringBuilder builder ? builder : new StringBuilder((String) before);
    return text.append(more);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> parse(String array) {
    List<Map<String, Object>> found = new ArrayList<>();
    if (LenientJson.tree(RawJson.of(array)) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          found.add((Map<String, Object>) map);
        }
      }
    }
    return found;
  }
}
