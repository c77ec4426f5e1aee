package io.caravan.anthropic;

import io.caravan.json.JsonText;
import java.util.List;

/**
 * The content of an image or a document, or the place where it is.
 *
 * @param kind the protocol's own word
 * @param mediaType the media type, for example {@code image/png}; null if the kind has none
 * @param data base64 for {@link Kind#BASE64}, plain text for {@link Kind#TEXT}, else null
 * @param url the URL for {@link Kind#URL}, else null
 * @param fileId the id for {@link Kind#FILE}, else null
 * @param content the blocks for {@link Kind#CONTENT}, else empty
 */
public record Source(
    Kind kind, String mediaType, JsonText data, String url, String fileId, List<Block> content) {
  /** The protocol's source types. */
  public enum Kind {
    BASE64,
    URL,
    TEXT,
    CONTENT,
    FILE
  }
}
