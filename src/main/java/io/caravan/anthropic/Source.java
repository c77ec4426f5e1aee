package io.caravan.anthropic;

import io.caravan.json.JsonText;
import java.util.List;

/**
 * Where an image's or a document's content is.
 *
 * @param kind the protocol's own word
 * @param mediaType for example {@code image/png}; null where the kind has none
 * @param data base64 for {@link Kind#BASE64}, plain text for {@link Kind#TEXT}, else null
 * @param url for {@link Kind#URL}, else null
 * @param fileId for {@link Kind#FILE}, else null
 * @param content for {@link Kind#CONTENT}, else empty
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
