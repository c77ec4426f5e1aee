package io.caravan.translate.request.schema;

import com.fasterxml.jackson.core.JsonParser;
import io.caravan.json.Json;
import io.caravan.json.RawJson;
import io.caravan.translate.request.schema.ParameterNames.Place;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Renames parameters in a call's arguments as they come, in pieces cut anywhere. All other text
 * stays as it was, byte by byte. A name waits for its end, and nothing else waits. The cost grows
 * with the length alone.
 */
public class ArgumentRenamer {
  private enum State {
    OTHER,
    NAME,
    NAME_ESCAPE,
    STRING,
    STRING_ESCAPE
  }

  /** An object or array that is open. The place is null where nothing is declared. */
  private record Level(boolean object, Place place) {}

  private final Map<String, String> names;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final StringBuilder name = new StringBuilder();
  private State state = State.OTHER;
  private boolean nameExpected;

  /** The place of the next value, or null. */
  private Place next;

  /**
   * @param root the place of the arguments
   * @param names the names to replace, each with the declared name that takes its place
   */
  ArgumentRenamer(Place root, Map<String, String> names) {
    this.next = root;
    this.names = names;
  }

  /** Returns a piece under the new names, as far as it is known. */
  public String accept(String piece) {
    StringBuilder out = new StringBuilder(piece.length() + 8);
    int at = 0;
    while (at < piece.length()) {
      at = step(piece, at, out);
    }
    return out.toString();
  }

  /** Ends the arguments, and returns the rest: a name that was cut off. */
  public String end() {
    String rest = state == State.NAME || state == State.NAME_ESCAPE ? "\"" + name : "";
    state = State.OTHER;
    return rest;
  }

  private int step(String piece, int at, StringBuilder out) {
    char c = piece.charAt(at);
    switch (state) {
      case STRING -> {
        return string(piece, at, out);
      }
      case STRING_ESCAPE -> {
        out.append(c);
        state = State.STRING;
      }
      case NAME_ESCAPE -> {
        name.append(c);
        state = State.NAME;
      }
      case NAME -> {
        if (c == '"') {
          endName(out);
        } else {
          name.append(c);
          state = c == '\\' ? State.NAME_ESCAPE : State.NAME;
        }
      }
      case OTHER -> other(c, out);
    }
    return at + 1;
  }

  /** Copies the inside of a value in a run, since it is most of the text. */
  private int string(String piece, int from, StringBuilder out) {
    int at = from;
    while (at < piece.length() && piece.charAt(at) != '"' && piece.charAt(at) != '\\') {
      at++;
    }
    if (at < piece.length()) {
      state = piece.charAt(at) == '"' ? State.OTHER : State.STRING_ESCAPE;
      at++;
    }
    out.append(piece, from, at);
    return at;
  }

  private void other(char c, StringBuilder out) {
    if (c == '"' && nameExpected) {
      state = State.NAME;
      nameExpected = false;
      return;
    }
    out.append(c);
    switch (c) {
      case '"' -> state = State.STRING;
      case '{' -> {
        levels.push(new Level(true, next));
        nameExpected = true;
      }
      case '[' -> {
        levels.push(new Level(false, next));
        next = next == null ? null : next.item();
      }
      case '}', ']' -> {
        levels.poll();
        nameExpected = false;
      }
      case ',' -> afterValue();
      default -> {}
    }
  }

  private void afterValue() {
    Level level = levels.peek();
    if (level == null) {
      return;
    }
    nameExpected = level.object();
    if (!level.object()) {
      next = level.place() == null ? null : level.place().item();
    }
  }

  private void endName(StringBuilder out) {
    Level level = levels.peek();
    Place place = level == null ? null : level.place();
    String written = name.toString();
    name.setLength(0);
    state = State.OTHER;
    if (place == null) {
      out.append('"').append(written).append('"');
      next = null;
      return;
    }
    String plain = written.indexOf('\\') < 0 ? written : unescaped(written);
    String renamed = renamed(place, plain);
    out.append('"').append(renamed.equals(plain) ? written : renamed).append('"');
    // The places know the client's names.
    next = place.property(place.declares(renamed) ? renamed : plain);
  }

  String renamed(Place place, String written) {
    String declared = names.get(written);
    return declared != null && place.declares(declared) ? declared : written;
  }

  private static String unescaped(String written) {
    try (JsonParser json = Json.parser(RawJson.of('"' + written + '"'))) {
      json.nextToken();
      return json.getText();
    } catch (IOException e) {
      return written;
    }
  }
}
