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
import java.util.Arrays;
import java.util.Set;

/**
 * An event, or a whole message, of an upstream that speaks the Messages API itself. It goes on as
 * it came; only what the gateway needs is read out of it.
 *
 * @param json the event's data
 * @param type as the data names it; null where it names none, and then it is no event
 * @param model where in the data the message's model stands, as a JSON string; or null
 * @param usage what it tells of tokens, unknown counts as -1; or null
 */
public record PassThroughEvent(RawJson json, String type, RawJson model, Usage usage) {
  private static final Set<String> NOT_YET =
      Set.of("message_start", "ping", "content_block_start", "content_block_stop");

  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads an event; the result points into the buffer.
   *
   * @throws IOException where it isn't JSON to its end, as where the connection broke in the middle
   *     of an event: a client would fail at it and never read the error that follows; or where its
   *     type is no name
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
    return new PassThroughEvent(json, reader.type, reader.model, reader.usage);
  }

  /** A byte order mark is no JSON to the clients' parsers; ours passes over it. */
  private static RawJson withoutMark(byte[] buffer, int offset, int length) {
    int first = offset + Math.min(MARK.length, length);
    int skipped = Arrays.equals(buffer, offset, first, MARK, 0, MARK.length) ? MARK.length : 0;
    return new RawJson(buffer, offset + skipped, length - skipped);
  }

  /** Whether it shows how the answer turned out: until then the call can still be made again. */
  public boolean decides() {
    return type == null || !NOT_YET.contains(type);
  }

  /** Whether it is a whole message, the answer to a call that doesn't stream. */
  public boolean isMessage() {
    return "message".equals(type);
  }

  public boolean isError() {
    return type == null || type.equals("error");
  }

  /** The data with another model's name. */
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

  /** The event in the form of server-sent events, with another model's name. */
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

  /** Line ends between the tokens of JSON would end the data's line. */
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
        } else {
          member(name, p);
        }
      }
    }

    /** It becomes a line of its own for the client, so it must not have any other in it. */
    private static String type(JsonParser p) throws IOException {
      String type = p.getValueAsString();
      p.skipChildren();
      if (type != null && !type.chars().allMatch(Reader::isOfAName)) {
        throw new JsonParseException(p, "a type that is no name");
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
            // Costs nothing.
          }
        }
      }
      return new Usage(input, output, cacheRead, cacheCreation, 0);
    }
  }
}
