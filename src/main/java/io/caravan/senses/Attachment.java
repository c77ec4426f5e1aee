package io.caravan.senses;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * An image or a document of a request, wherever it stands: in any turn, beside a text, in a tool's
 * result or inside another document.
 *
 * @param document the document, or null for an image
 * @param question the user's words when it came; empty if there are none
 */
public record Attachment(Source source, Block.Document document, String question) {
  /** The most characters of the user's words: a paste before a question would hide it. */
  private static final int LONGEST_QUESTION = 2_000;

  private static final String REMINDER = "<system-reminder>";

  /** Returns whether this is an image. */
  public boolean isImage() {
    return document == null;
  }

  /** Returns the attachments of a request in their order. */
  public static List<Attachment> of(MessagesRequest request) {
    List<Attachment> all = new ArrayList<>();
    String question = "";
    for (Message message : request.messages()) {
      if (message.role() == Message.Role.USER) {
        String words = words(message);
        question = words.isEmpty() ? question : words;
      }
      collect(message.content(), question, all);
    }
    return all;
  }

  /** Returns whether a request has any attachment. */
  public static boolean isIn(MessagesRequest request) {
    return request.messages().stream().anyMatch(message -> isIn(message.content()));
  }

  private static boolean isIn(List<Block> blocks) {
    for (Block block : blocks) {
      if (block instanceof Block.Image
          || block instanceof Block.Document
          || (block instanceof Block.ToolResult result && isIn(result.content()))) {
        return true;
      }
    }
    return false;
  }

  private static void collect(List<Block> blocks, String question, List<Attachment> all) {
    for (Block block : blocks) {
      if (block instanceof Block.Image image) {
        all.add(new Attachment(image.source(), null, question));
      } else if (block instanceof Block.Document document) {
        all.add(new Attachment(document.source(), document, question));
        collect(document.source().content(), question, all);
      } else if (block instanceof Block.ToolResult result) {
        collect(result.content(), question, all);
      }
    }
  }

  /** Returns the user's own words in a message; a question stands at its end. */
  private static String words(Message message) {
    StringBuilder words = new StringBuilder();
    for (Block block : message.content()) {
      if (block instanceof Block.Text text && !text.content().startsWith(REMINDER)) {
        words.append(text.text()).append('\n');
      }
    }
    String all = words.toString().strip();
    return all.substring(Math.max(0, all.length() - LONGEST_QUESTION));
  }
}
