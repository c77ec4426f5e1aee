package io.caravan.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the payloads of one stream into {@link Chunk}s, independent of the server's dialect: fields
 * may be missing, null, empty or of another type; unknown ones are skipped. One instance reads one
 * stream, on one thread at a time.
 *
 * <p>Some servers send a whole {@code chat.completion} object although a stream was requested. It
 * is read as one chunk: its {@code message} counts as a {@code delta}.
 */
public final class ChunkReader {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final ChunkFields fields = new ChunkFields();
  private final ChunkTemplate template = new ChunkTemplate();
  private final EndTokens endTokens;

  public ChunkReader() {
    this(List.of());
  }

  /**
   * Makes a reader for one stream.
   *
   * @param stopSequences the stop sequences of the request: they are text, even if a model's own
   *     token for the end of a turn is among them
   */
  public ChunkReader(List<String> stopSequences) {
    endTokens = new EndTokens(stopSequences);
  }

  /** Reads one payload of a part. */
  public Chunk read(SsePayloads part, int index) {
    return read(part.buffer(), part.offset(index), part.length(index), part.namedError(index));
  }

  /**
   * Reads one payload.
   *
   * @param namedError whether the event was named {@code error}: then the payload is a failure,
   *     whatever it says
   * @return the chunk, or {@link Chunk#DONE}
   * @throws MalformedStreamException if the payload can't be read
   */
  public Chunk read(byte[] buffer, int offset, int length, boolean namedError) {
    int start = offset;
    int end = offset + length;
    while (start < end && isSpace(buffer[start])) {
      start++;
    }
    while (start < end && isSpace(buffer[end - 1])) {
      end--;
    }
    if (Arrays.equals(buffer, start, end, DONE, 0, DONE.length)) {
      return Chunk.DONE;
    }
    Chunk alike = namedError ? null : template.read(buffer, start, end);
    if (alike != null) {
      return endTokens.accept(alike);
    }
    try {
      Chunk chunk = parse(buffer, start, end - start, namedError);
      fields.teach(template, chunk);
      return endTokens.accept(chunk);
    } catch (IOException e) {
      return repair(buffer, start, end - start, namedError, e instanceof JsonEOFException);
    } finally {
      fields.release();
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /**
   * Parses the payload again with its encoding repaired. A character that the server cut in two
   * costs only that character.
   */
  private Chunk repair(byte[] buffer, int start, int length, boolean namedError, boolean cutOff) {
    String text = new String(buffer, start, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      byte[] repaired = text.getBytes(StandardCharsets.UTF_8);
      try {
        return parse(repaired, 0, repaired.length, namedError);
      } catch (IOException e) {
        // The encoding wasn't the reason; the failure is reported below.
      }
    }
    if (namedError) {
      return Chunk.failed(ErrorBodies.parse(text));
    }
    if (cutOff) {
      throw MalformedStreamException.cutOff(
          "the upstream sent an event of " + length + " bytes that breaks off");
    }
    throw new MalformedStreamException(
        "the upstream sent an event of " + length + " bytes that is not JSON");
  }

  private Chunk parse(byte[] buffer, int start, int length, boolean namedError) throws IOException {
    try (JsonParser p = LenientJson.parser(buffer, start, length)) {
      fields.begin(p, buffer, start, length);
      JsonToken first = p.nextToken();
      if (first == JsonToken.START_OBJECT) {
        fields.object();
      } else if (first == JsonToken.START_ARRAY) {
        // Gemini wraps its errors in an array.
        while (p.nextToken() == JsonToken.START_OBJECT) {
          fields.object();
        }
      } else if (!namedError) {
        throw new MalformedStreamException("the upstream sent an event that is not a JSON object");
      }
      return fields.finish(namedError);
    }
  }
}
