package io.caravan.anthropic;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import io.caravan.json.JsonBytes;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * An event, or a whole message, of an upstream that serves the Messages API itself. It is passed on
 * unchanged; only the parts that the gateway needs are read.
 *
 * @param json the event's data
 * @param type the type in the data, or null if it has none and thus isn't an event
 * @param model the place of the message's model in the data, as a JSON string; or null
 * @param usage the usage in the data, in which unknown counts are -1; or null
 * @param tools the names of the tools whose calls begin in the data
 */
public record PassThroughEvent(
    RawJson json, String type, RawJson model, Usage usage, List<String> tools) {
  private static final Set<String> NOT_YET =
      Set.of("message_start", "ping", "content_block_start", "content_block_stop");

  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads an event. The result points into the buffer.
   *
   * @throws IOException if the data isn't complete JSON, or its type isn't a name. That is so if
   *     the connection broke in the middle of an event: a client would fail at it and never read
   *     the error that follows.
   */
  public static PassThroughEvent read(byte[] buffer, int offset, int length) throws IOException {
    RawJson json = withoutMark(buffer, offset, length);
    Reader reader = new Reader(json);
    try (JsonParser p = Json.parser(json)) {
      if (p.nextToken() == JsonToken.START_OBJECT) {
        reader.top(p);
        if (p.nextToken() != null) {
          throw new JsonParseException(p, "more than one value");
        }
      }
    }
    return new PassThroughEvent(json, reader.type, reader.model, reader.usage, reader.tools);
  }

  /** Drops a byte order mark. The clients' parsers reject it in JSON; Caravan's skips it. */
  private static RawJson withoutMark(byte[] buffer, int offset, int length) {
    int first = offset + Math.min(MARK.length, length);
    int skipped = Arrays.equals(buffer, offset, first, MARK, 0, MARK.length) ? MARK.length : 0;
    return new RawJson(buffer, offset + skipped, length - skipped);
  }

  /**
   * Returns whether the event shows the outcome of the call. Until then the call can still be made
   * again.
   */
  public boolean decides() {
    return type == null || !NOT_YET.contains(type);
  }

  /**
   * Returns whether this is a whole message, as an upstream sends it for a request that doesn't
   * stream.
   */
  public boolean isMessage() {
    return "message".equals(type);
  }

  public boolean isError() {
    return type == null || type.equals("error");
  }

  /** Writes the data with another name for the model. */
  public void writeJson(OutputStream out, String modelName) throws IOException {
    if (model == null) {
      json.writeTo(out);
      return;
    }
    int end = json.offset() + json.length();
    int after = model.offset() + model.length();
    out.write(json.buffer(), json.offset(), model.offset() - json.offset());
    JsonBytes name = new JsonBytes(64).stringOrNull(modelName);
    out.write(name.buffer(), 0, name.length());
    out.write(json.buffer(), after, end - after);
  }

  /** Writes a server-sent event with another name for the model. */
  public void writeEvent(OutputStream out, String modelName) throws IOException {
    out.write(EVENT);
    out.write(type.getBytes(StandardCharsets.UTF_8));
    out.write(DATA);
    writeJson(hasLineEnds() ? new OneLine(out) : out, modelName);
    out.write(END);
  }

  private boolean hasLineEnds() {
    int end = json.offset() + json.length();
    for (int i = json.offset(); i < end; i++) {
      if (json.buffer()[i] == '\n' || json.buffer()[i] == '\r') {
        return true;
      }
    }
    return false;
  }

  /** Replaces line ends between the tokens of JSON, since they would end the data's line. */
  private static final class OneLine extends OutputStream {
    private final OutputStream out;

    OneLine(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b == '\n' || b == '\r' ? ' ' : b);
    }
  }

  private static final class Reader {
    private final RawJson json;
    private String type;
    private RawJson model;
    private Usage usage;
    private List<String> tools = List.of();

    Reader(RawJson json) {
      this.json = json;
    }

    void top(JsonParser p) throws IOException {
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        p.nextToken();
        if (name.equals("type")) {
          type = type(p);
        } else if (name.equals("message") && p.currentToken() == JsonToken.START_OBJECT) {
          message(p);
        } else if (name.equals("content_block") && p.currentToken() == JsonToken.START_OBJECT) {
          block(p);
        } else if (name.equals("content") && p.currentToken() == JsonToken.START_ARRAY) {
          blocks(p);
        } else {
          member(name, p);
        }
      }
    }

    /**
     * Reads the type. It becomes a line of its own for the client, so it must not contain a line
     * end.
     */
    private static String type(JsonParser p) throws IOException {
      String type = p.getValueAsString();
      p.skipChildren();
      if (type != null && !type.chars().allMatch(Reader::isOfAName)) {
        throw new JsonParseException(p, "the type is not a name");
      }
      return type;
    }

    private static boolean isOfAName(int c) {
      return c == '_' || c == '-' || c == '.' || (c < 128 && Character.isLetterOrDigit(c));
    }

    private void message(JsonParser p) throws IOException {
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        p.nextToken();
        member(name, p);
      }
    }

    private void blocks(JsonParser p) throws IOException {
      while (p.nextToken() != JsonToken.END_ARRAY) {
        if (p.currentToken() == JsonToken.START_OBJECT) {
          block(p);
        } else {
          p.skipChildren();
        }
      }
    }

    private void block(JsonParser p) throws IOException {
      String blockType = null;
      String tool = null;
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        JsonToken value = p.nextToken();
        if (value == JsonToken.VALUE_STRING && name.equals("type")) {
          blockType = p.getText();
        } else if (value == JsonToken.VALUE_STRING && name.equals("name")) {
          tool = p.getText();
        } else {
          p.skipChildren();
        }
      }
      if ("tool_use".equals(blockType) && tool != null) {
        tools = tools.isEmpty() ? new ArrayList<>(2) : tools;
        tools.add(tool);
      }
    }

    private void member(String name, JsonParser p) throws IOException {
      if (name.equals("model") && p.currentToken() == JsonToken.VALUE_STRING) {
        model = Json.slice(p, json.buffer(), json.offset());
      } else if (name.equals("usage") && p.currentToken() == JsonToken.START_OBJECT) {
        usage = usage(p);
      } else {
        p.skipChildren();
      }
    }

    private static Usage usage(JsonParser p) throws IOException {
      long input = -1;
      long output = -1;
      long cacheRead = -1;
      long cacheCreation = -1;
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        if (!p.nextToken().isNumeric()) {
          p.skipChildren();
          continue;
        }
        switch (name) {
          case "input_tokens" -> input = p.getLongValue();
          case "output_tokens" -> output = p.getLongValue();
          case "cache_read_input_tokens" -> cacheRead = p.getLongValue();
          case "cache_creation_input_tokens" -> cacheCreation = p.getLongValue();
          default -> {
            // Other counts have no price.
          }
        }
      }
      return new Usage(input, output, cacheRead, cacheCreation, 0);
    }
  }
}
