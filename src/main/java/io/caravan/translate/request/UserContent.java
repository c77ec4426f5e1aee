package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.translate.request.UpstreamMessage.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Converts user and system messages without the results of the calls before them. */
final class UserContent {
  private final Media media;
  private final Losses losses;
  private final int newestUser;

  /**
   * @param newestUser the index of the last user message in the request
   */
  UserContent(Media media, Losses losses, int newestUser) {
    this.media = media;
    this.losses = losses;
    this.newestUser = newestUser;
  }

  /**
   * Returns the parts of a message.
   *
   * @param answered the tool results that have been sent as tool messages
   */
  List<Part> parts(Turn.Entry entry, Set<Block> answered) {
    if (entry.message().role() == Message.Role.SYSTEM) {
      return reminder(entry.message());
    }
    List<Part> parts = new ArrayList<>();
    List<Block> content = entry.message().content();
    // Claude Code 2.0 puts a PDF that a tool has read beside the tool's result.
    boolean answers = content.stream().anyMatch(Block.ToolResult.class::isInstance);
    for (int i = 0; i < content.size(); i++) {
      Block block = content.get(i);
      if (!answered.contains(block)) {
        add(block, answers ? null : place(entry.index(), i), parts);
      }
    }
    return parts;
  }

  private String place(int message, int block) {
    return message == newestUser ? "messages." + message + ".content." + block : null;
  }

  private void add(Block block, String place, List<Part> parts) {
    if (block instanceof Block.Text text) {
      if (!text.content().isBlank()) {
        parts.add(new Part.Text(text.content()));
      }
    } else if (block instanceof Block.Image image) {
      parts.add(media.image(image, place));
    } else if (block instanceof Block.Document document) {
      parts.addAll(media.document(document, place));
    } else if (block instanceof Block.SearchResult result) {
      parts.add(new Part.Text(Media.searchResult(result)));
    } else if (block instanceof Block.ToolResult result) {
      orphan(result, parts);
    } else {
      other(block, parts);
    }
  }

  private void other(Block block, List<Part> parts) {
    // A change of the tools has been applied to the tools themselves.
    String words =
        block instanceof Block.ToolChange
            ? ""
            : block instanceof Block.Other other ? ServerToolWords.of(other) : null;
    if (words == null) {
      losses.add(Loss.BLOCK);
    } else if (!words.isEmpty()) {
      parts.add(new Part.Text(words));
    }
  }

  /**
   * Converts a result without its call to text. It is still worth reading, for example after a
   * client cut its history.
   */
  private void orphan(Block.ToolResult result, List<Part> parts) {
    losses.add(Loss.TOOL_RESULT_ORPHAN);
    ResultContent content = ResultContent.of(result, media, losses);
    parts.add(new Part.Text(content.text().after("[Result of an earlier tool call]\n")));
    parts.addAll(content.moved());
  }

  /**
   * Converts a system message between turns, which Claude Code sends (vllm-project/vllm#48874).
   * Strict templates accept only one, at the beginning, and moving it there would change the head
   * of every later request. So it stays in its place, in the form that Claude Code itself uses on
   * the user's side.
   */
  private List<Part> reminder(Message message) {
    losses.add(Loss.SYSTEM_REMINDER);
    List<String> texts = new ArrayList<>();
    for (Block block : message.content()) {
      if (block instanceof Block.Text text) {
        texts.add(text.text());
      } else if (!(block instanceof Block.ToolChange)) {
        losses.add(Loss.BLOCK);
      }
    }
    String text = String.join("\n\n", texts).strip();
    if (text.isEmpty()) {
      return List.of();
    }
    return List.of(new Part.Text(reminder(text)));
  }

  /** Returns a text in the form of Claude Code's own reminders. */
  static String reminder(String text) {
    boolean wrapped = text.startsWith("<system-reminder>") && text.endsWith("</system-reminder>");
    return wrapped ? text : "<system-reminder>\n" + text + "\n</system-reminder>";
  }
}
