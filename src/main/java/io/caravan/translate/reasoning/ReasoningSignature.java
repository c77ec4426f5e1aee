package io.caravan.translate.reasoning;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The content of a thinking block's signature: the reasoning that the upstream expects back and
 * that the client would not keep otherwise. Any replica restores it from there, without a store.
 *
 * <p>The form is {@code caravan1.} and base64url of deflated JSON. It is only {@code caravan1.} if
 * the block shows the reasoning itself. A signature of another server is ignored here. One of
 * Caravan must never reach Anthropic: there it would wedge the session (can1357/oh-my-pi#6379), so
 * it is removed first.
 *
 * @param text the reasoning if the block doesn't show it, else empty; of more than {@link
 *     #MAX_TEXT} characters only the end, which led to the turn
 * @param details OpenRouter's {@code reasoning_details} array, or null
 * @param thoughtSignatures Gemini's signatures, by the ids of the tool calls that the client knows
 */
public record ReasoningSignature(
    String text, RawJson details, Map<String, String> thoughtSignatures) {
  /** The most characters of reasoning in one signature. It travels with every request. */
  public static final int MAX_TEXT = 256 * 1024;

  private static final String MARK = "caravan1.";
  private static final int MAX_INFLATED = 4 * 1024 * 1024;

  /** Returns whether a signature was written by Caravan. */
  public static boolean own(String signature) {
    return signature != null && signature.startsWith(MARK);
  }

  /** Returns the reasoning text of a signature; empty if it holds none or isn't Caravan's. */
  public static String decode(String signature) {
    ReasoningSignature read = read(signature);
    return read == null ? "" : read.text;
  }

  /** Returns the content of a signature; null if it isn't Caravan's or was changed on the way. */
  public static ReasoningSignature read(String signature) {
    if (!own(signature)) {
      return null;
    }
    if (signature.length() == MARK.length()) {
      return new ReasoningSignature("", null, Map.of());
    }
    try {
      byte[] packed = Base64.getUrlDecoder().decode(signature.substring(MARK.length()));
      return parse(inflate(packed));
    } catch (IllegalArgumentException | IOException e) {
      return null;
    }
  }

  /** Returns the signature. */
  public String encode() {
    if (text.isEmpty() && details == null && thoughtSignatures.isEmpty()) {
      return MARK;
    }
    JsonWriter json = new JsonWriter(text.length() + 64).beginObject();
    if (!text.isEmpty()) {
      int from = Math.max(0, text.length() - MAX_TEXT);
      json.field("text", text.substring(from));
    }
    if (details != null) {
      json.field("details", details);
    }
    if (!thoughtSignatures.isEmpty()) {
      json.beginObject("thoughts");
      thoughtSignatures.forEach(json::field);
      json.endObject();
    }
    return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(deflate(json.endObject()));
  }

  private static byte[] deflate(JsonWriter json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, deflater)) {
      json.finish().writeTo(deflated);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  /** Inflates data up to a limit, since a client may send a bomb. */
  private static byte[] inflate(byte[] packed) throws IOException {
    Inflater inflater = new Inflater(true);
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(packed), inflater)) {
      byte[] json = in.readNBytes(MAX_INFLATED + 1);
      if (json.length > MAX_INFLATED) {
        throw new IOException("too long");
      }
      return json;
    } finally {
      inflater.end();
    }
  }

  /**
   * Reads the content. The details go into a request unchanged, so they must be valid JSON; parsing
   * the whole ensures that.
   */
  private static ReasoningSignature parse(byte[] json) throws IOException {
    String text = "";
    RawJson details = null;
    Map<String, String> thoughts = new LinkedHashMap<>();
    try (JsonParser p = Json.factory().createParser(json)) {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
        JsonToken value = p.nextToken();
        if (name.equals("text") && value == JsonToken.VALUE_STRING) {
          text = p.getText();
        } else if (name.equals("details") && value == JsonToken.START_ARRAY) {
          details = Json.slice(p, json, 0);
        } else if (name.equals("thoughts") && value == JsonToken.START_OBJECT) {
          thoughts(p, thoughts);
        } else {
          p.skipChildren();
        }
      }
      return p.currentToken() == JsonToken.END_OBJECT
          ? new ReasoningSignature(text, details, Map.copyOf(thoughts))
          : null;
    }
  }

  private static void thoughts(JsonParser p, Map<String, String> thoughts) throws IOException {
    for (String id = p.nextFieldName(); id != null; id = p.nextFieldName()) {
      if (p.nextToken() == JsonToken.VALUE_STRING) {
        thoughts.put(id, p.getText());
      } else {
        p.skipChildren();
      }
    }
  }
}
