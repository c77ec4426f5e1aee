package io.caravan.launch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A text with one JSON object whose members are set and removed without a change to any other
 * character. Paths are of one or two names.
 */
final class JsonEdits {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final String INDENT = "\n  ";

  private String text;

  /** The places of a member's parts in the text. */
  private record Member(int name, int value, int valueEnd) {}

  /** The places of an object's braces, and its members. */
  private record ObjectSpan(int open, int close, Map<String, Member> members) {}

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is not one JSON object; the message has the place
   */
  JsonEdits(String text) {
    this.text = text;
    root();
  }

  String text() {
    return text;
  }

  /** Returns a value as it is written; null if there is no such member. */
  String get(String... path) {
    ObjectSpan parent = parent(path);
    Member member = parent == null ? null : parent.members().get(path[path.length - 1]);
    return member == null ? null : text.substring(member.value(), member.valueEnd());
  }

  /**
   * Sets a member, at the end of its object if it is new.
   *
   * @param json the value as JSON
   * @return true if the object had to be made
   * @throws IllegalArgumentException if there is something else than an object in its place
   */
  boolean set(String json, String... path) {
    boolean made = parent(path) == null;
    if (made) {
      put(root(), path[0], "{}", INDENT, "\n");
    }
    String name = path[path.length - 1];
    if (path.length == 1) {
      put(root(), name, json, INDENT, "\n");
    } else {
      String outer = before(root(), INDENT);
      String level = outer.substring(outer.lastIndexOf('\n') + 1);
      put(parent(path), name, json, outer + level, outer);
    }
    return made;
  }

  /** Removes a member, if there is one. */
  void remove(String... path) {
    ObjectSpan parent = parent(path);
    Member gone = parent == null ? null : parent.members().get(path[path.length - 1]);
    if (gone == null) {
      return;
    }
    Member before = null;
    Member after = null;
    for (Member each : parent.members().values()) {
      if (each.name() < gone.name()) {
        before = each;
      } else if (each.name() > gone.name() && after == null) {
        after = each;
      }
    }
    if (before != null) {
      cut(before.valueEnd(), gone.valueEnd(), "");
    } else if (after != null) {
      cut(gone.name(), after.name(), "");
    } else {
      cut(parent.open() + 1, parent.close(), "");
    }
  }

  /** Returns whether a path is an object without members. */
  boolean isEmptyObject(String... path) {
    String value = get(path);
    return value != null && value.startsWith("{") && new JsonEdits(value).isEmpty();
  }

  /** Returns whether the whole has no members. */
  boolean isEmpty() {
    return root().members().isEmpty();
  }

  /** Returns the object in which the last name stands; null if there is none. */
  private ObjectSpan parent(String... path) {
    ObjectSpan root = root();
    if (path.length == 1) {
      return root;
    }
    Member member = root.members().get(path[0]);
    if (member == null) {
      return null;
    }
    if (text.charAt(member.value()) != '{') {
      throw new IllegalArgumentException("\"" + path[0] + "\" is no object");
    }
    return object(member.value(), member.valueEnd());
  }

  private void put(ObjectSpan object, String name, String json, String before, String end) {
    Member old = object.members().get(name);
    if (old != null) {
      cut(old.value(), old.valueEnd(), json);
      return;
    }
    String member = "\"" + name + "\"" + colon(object) + json;
    if (object.members().isEmpty()) {
      cut(object.open() + 1, object.close(), before + member + end);
      return;
    }
    Member last = object.members().values().stream().reduce((one, next) -> next).orElseThrow();
    cut(last.valueEnd(), last.valueEnd(), "," + before(object, before) + member);
  }

  private void cut(int from, int to, String instead) {
    text = text.substring(0, from) + instead + text.substring(to);
  }

  /** Returns the white space before an object's first member. */
  private String before(ObjectSpan object, String otherwise) {
    return object.members().isEmpty()
        ? otherwise
        : text.substring(object.open() + 1, object.members().values().iterator().next().name());
  }

  private String colon(ObjectSpan object) {
    if (object.members().isEmpty()) {
      return ": ";
    }
    Member first = object.members().values().iterator().next();
    String whole = text.substring(first.name(), first.value());
    // The name's own closing quote is the last one before the value.
    return whole.substring(whole.lastIndexOf('"') + 1);
  }

  private ObjectSpan root() {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("it is no JSON object");
      }
      ObjectSpan root = span(parser, 0);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("there is more than one JSON object");
      }
      return root;
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private ObjectSpan object(int from, int to) {
    try (JsonParser parser = JSON.createParser(text.substring(from, to))) {
      parser.nextToken();
      return span(parser, from);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Reads the object that a parser has opened; places are counted from a number on. */
  private static ObjectSpan span(JsonParser parser, int from) throws IOException {
    int open = from + (int) parser.currentTokenLocation().getCharOffset();
    Map<String, Member> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      int name = from + (int) parser.currentTokenLocation().getCharOffset();
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      int value = from + (int) parser.currentTokenLocation().getCharOffset();
      if (token.isStructStart()) {
        parser.skipChildren();
      } else {
        parser.finishToken();
      }
      int valueEnd = from + (int) parser.currentLocation().getCharOffset();
      members.put(key, new Member(name, value, valueEnd));
    }
    return new ObjectSpan(
        open, from + (int) parser.currentTokenLocation().getCharOffset(), members);
  }
}
