package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.json.JsonText;
import io.caravan.translate.request.UpstreamMessage.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of a tool message, which can only be text (OpenAI's reference; hosted NIM).
 *
 * @param text never empty
 * @param moved images and files, which go into a user message behind the tool messages
 *     (ggml-org/llama.cpp#22536)
 */
record ResultContent(JsonText text, List<Part> moved) {
  private static final JsonText MOVED_NOTE =
      JsonText.of("[Attached below, behind the tool results]");

  static ResultContent of(Block.ToolResult result, Media media, Losses losses) {
    List<JsonText> texts = new ArrayList<>();
    List<Part> moved = new ArrayList<>();
    for (Block block : result.content()) {
      if (block instanceof Block.Text text) {
        texts.add(text.content());
      } else if (block instanceof Block.Image image) {
        add(media.image(image, null), texts, moved, losses);
      } else if (block instanceof Block.Document document) {
        media.document(document, null).forEach(part -> add(part, texts, moved, losses));
      } else if (block instanceof Block.ToolReference reference) {
        texts.add(
            JsonText.of("The tool " + reference.toolName() + " is loaded and can be called now."));
      } else if (block instanceof Block.SearchResult found) {
        texts.add(JsonText.of(Media.searchResult(found)));
      } else {
        losses.add(Loss.BLOCK);
      }
    }
    return new ResultContent(marked(JsonText.join("\n", texts), result.isError()), moved);
  }

  private static void add(Part part, List<JsonText> texts, List<Part> moved, Losses losses) {
    if (part instanceof Part.Text text) {
      texts.add(text.text());
    } else {
      losses.add(part instanceof Part.File ? Loss.DOCUMENT_MOVED : Loss.IMAGE_MOVED);
      texts.add(MOVED_NOTE);
      moved.add(part);
    }
  }

  /** Marks the text of a failure. OpenAI's protocol has no flag for it. */
  private static JsonText marked(JsonText text, boolean isError) {
    if (text.isBlank()) {
      return JsonText.of(isError ? "Error: the tool failed and said nothing" : "(no output)");
    }
    return isError && !startsWithError(text.toString()) ? text.after("Error: ") : text;
  }

  private static boolean startsWithError(String text) {
    return text.regionMatches(true, 0, "error", 0, 5) || text.startsWith("<tool_use_error>");
  }
}
