package io.caravan.anthropic;

import io.caravan.json.JsonText;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the source of an image or a document. */
final class SourceReader {
  private static final Set<String> KINDS = Set.of("base64", "url", "text", "content", "file");

  private String type;
  private String mediaType;
  private JsonText data;
  private String url;
  private String fileId;
  private List<Block> content = List.of();

  private SourceReader() {}

  /** Returns the source, or null if its type is unknown. */
  static Source read(JsonCursor c) throws IOException {
    SourceReader reader = new SourceReader();
    c.object(
        name -> {
          boolean tagged = reader.type != null && !name.equals("type");
          if (tagged) {
            c.path().nest(reader.type);
          }
          reader.field(name, c);
          if (tagged) {
            c.path().unnest();
          }
        });
    return reader.build(c);
  }

  private void field(String name, JsonCursor c) throws IOException {
    switch (name) {
      case "type" -> type = c.string();
      case "media_type" -> mediaType = c.stringOrNull();
      case "data" -> data = c.textOrNull();
      case "url" -> url = c.stringOrNull();
      case "file_id" -> fileId = c.stringOrNull();
      case "content" -> content = BlockReader.content(c);
      default -> c.skip();
    }
  }

  private Source build(JsonCursor c) {
    if (type == null) {
      c.path().enter("type");
      throw c.path().error("Field required");
    }
    if (!KINDS.contains(type)) {
      return null;
    }
    Source.Kind kind = Source.Kind.valueOf(type.toUpperCase(Locale.ROOT));
    switch (kind) {
      case BASE64 -> {
        need(data, "data", c);
        need(mediaType, "media_type", c);
      }
      case TEXT -> need(data, "data", c);
      case URL -> need(url, "url", c);
      case FILE -> need(fileId, "file_id", c);
      case CONTENT -> {}
    }
    return new Source(kind, mediaType, data, url, fileId, content);
  }

  private void need(Object value, String field, JsonCursor c) {
    if (value == null) {
      c.path().enter(type);
      c.path().enter(field);
      throw c.path().error("Field required");
    }
  }
}
