package io.caravan.senses;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.anthropic.Source;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The request to a vision model, and its reply. */
final class VisionPrompt {
  /** The tokens of a description, with the reasoning of a model that can't leave it. */
  private static final int MAX_TOKENS = 4096;

  /** The most characters of a description that are kept. */
  private static final int LONGEST = 12_000;

  private static final String IMAGE = resource("image.md");
  private static final String PAGE = resource("page.md");

  private VisionPrompt() {}

  /**
   * Returns the request.
   *
   * @param model the vision model's full name
   * @param source the image in a form that the model takes
   */
  static MessagesRequest request(String model, Picture picture, Source source) {
    int room = source.data() == null ? 0 : source.data().length();
    JsonWriter body = new JsonWriter(room + 8 * 1024).beginObject();
    body.field("model", model).field("max_tokens", MAX_TOKENS).field("temperature", 0L);
    body.beginObject("thinking").field("type", "disabled").endObject();
    body.field("system", picture.page() ? PAGE : IMAGE);
    body.beginArray("messages").beginObject().field("role", "user").beginArray("content");
    body.beginObject().field("type", "image").beginObject("source");
    if (source.kind() == Source.Kind.BASE64) {
      body.field("type", "base64").field("media_type", source.mediaType());
      body.field("data", source.data());
    } else {
      body.field("type", "url").field("url", source.url());
    }
    body.endObject().endObject();
    body.beginObject().field("type", "text").field("text", words(picture)).endObject();
    RawJson json = body.endArray().endObject().endArray().endObject().finish();
    return new RequestReader()
        .read(Arrays.copyOfRange(json.buffer(), json.offset(), json.offset() + json.length()));
  }

  private static String words(Picture picture) {
    if (picture.page()) {
      return "Write down the text of this page.";
    }
    return picture.question().isEmpty()
        ? "Describe this image."
        : "Describe this image. The user's words when it came, which tell what matters in it:\n<words>\n"
            + picture.question()
            + "\n</words>";
  }

  /**
   * Returns the description in a message.
   *
   * @param message the message of the Messages API as JSON
   * @return null if there is none
   */
  static String text(byte[] message) {
    try {
      return JsonTree.read(new RawJson(message, 0, message.length)) instanceof Map<?, ?> map
              && !"refusal".equals(map.get("stop_reason"))
              && map.get("content") instanceof List<?> blocks
          ? kept(joined(blocks))
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns a description without white space around it, or null if nothing is left. */
  static String kept(String text) {
    String plain = text == null ? "" : text.strip();
    return plain.isEmpty() ? null : plain.substring(0, Math.min(LONGEST, plain.length()));
  }

  private static String joined(List<?> blocks) {
    StringBuilder text = new StringBuilder();
    for (Object each : blocks) {
      if (each instanceof Map<?, ?> block && block.get("text") instanceof String words) {
        text.append(words);
      }
    }
    return text.toString();
  }

  private static String resource(String name) {
    try (InputStream in = VisionPrompt.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
