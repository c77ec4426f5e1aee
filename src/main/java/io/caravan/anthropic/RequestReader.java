package io.caravan.anthropic;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.caravan.json.Json;
import io.caravan.json.RawJson;
import java.io.IOException;

/**
 * Reads the body of {@code POST /v1/messages} and of {@code count_tokens}, once. Unknown fields and
 * block types are no error: clients send new ones before gateways know them.
 */
public final class RequestReader {
  /**
   * Reads a request.
   *
   * @param body UTF-8 JSON; the request points into it, so it must not change afterwards
   * @throws AnthropicException of type {@link ErrorType#INVALID_REQUEST}, which names the place in
   *     Anthropic's form ({@code messages.3.content.0.type: Field required}) and never quotes the
   *     content
   */
  public MessagesRequest read(byte[] body) {
    try (JsonParser p = Json.factory().createParser(body)) {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        throw AnthropicException.invalid("The request body must be a JSON object.");
      }
      if (p.currentTokenLocation().getByteOffset() < 0) {
        throw AnthropicException.invalid("The request body must be encoded in UTF-8.");
      }
      RequestParser parser = new RequestParser(new JsonCursor(p, body));
      MessagesRequest request = parser.parse(new RawJson(body, 0, body.length));
      if (p.nextToken() != null) {
        throw AnthropicException.invalid("The request body has more than one JSON value.");
      }
      return request;
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      // Jackson reports bytes that are not UTF-8 as a plain IOException in some places.
      throw AnthropicException.invalid("The request body is not valid JSON.");
    }
  }

  /**
   * Returns the failure for malformed JSON. The parser's own message is not used, since it quotes
   * the content.
   */
  private static AnthropicException malformed(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : ": line " + e.getLocation().getLineNr() + " column " + e.getLocation().getColumnNr();
    if (e instanceof StreamConstraintsException) {
      return AnthropicException.invalid(
          "The request body exceeds a limit of size or of "
              + Json.MAX_NESTING
              + " levels of nesting"
              + where);
    }
    if (e instanceof JsonEOFException) {
      return AnthropicException.invalid(
          "The request body is not valid JSON: unexpected end of data" + where);
    }
    String what = e instanceof JsonParseException ? "" : ": " + e.getClass().getSimpleName();
    return AnthropicException.invalid("The request body is not valid JSON" + what + where);
  }
}
