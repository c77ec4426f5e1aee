package io.caravan.judge;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts in the user's role of a conversation, those of the user apart from the others. Claude
 * Code puts reminders, files named with {@code @}, the output of hooks and commands, the text of
 * skills and commands, and a sub-agent's task into the same role (recorded from 2.1.332). Whatever
 * may be one of those is not taken for the user's: that costs a judge some context, the other error
 * would give a file the user's voice. Results of tools are left out.
 *
 * @param user what the user wrote, in order
 * @param others what stands in the user's role and is not known to be the user's
 */
record UserTexts(List<String> user, List<Other> others) {
  /**
   * A text that is not the user's.
   *
   * @param source the tag or the words that show where it comes from
   */
  record Other(String source, String text) {}

  /** An element of the client's own: its names are in pieces, which those of HTML are not. */
  private static final Pattern ELEMENT =
      Pattern.compile("<(/?)([a-z][a-z0-9]*(?:[-_][a-z0-9]+)+)(?=[\\s>/])");

  /** The beginnings of texts that the client writes in the user's role without an element. */
  private static final List<String> BEGINNINGS =
      List.of(
          "[SYSTEM NOTIFICATION",
          "[SCHEDULED TASK",
          "[handback-",
          "[Request interrupted",
          "[Image: ",
          "Caveat: The messages below",
          "This session is being continued from a previous conversation",
          "Called the ",
          "Result of calling the ",
          "Stop hook feedback",
          "Base directory for this skill:",
          "Your task is to create a detailed summary");

  /**
   * The text that the client writes for a command of the user's; the command's own text follows.
   */
  private static final Pattern COMMAND =
      Pattern.compile(
          "<command-message>[^<]*</command-message>\\s*<command-name>(/[^<\\s]+)</command-name>"
              + "(?:\\s*<command-args>([^<]*)</command-args>)?");

  private static final String COMMAND_TEXT = "the text of a command";
  private static final String TASK = "a task that another agent wrote";
  private static final String BESIDE_RESULTS = "a text beside the results of tools";

  /**
   * Reads a conversation.
   *
   * @param subAgent true if the request is a sub-agent's, whose user is another agent
   */
  static UserTexts of(List<Message> messages, boolean subAgent) {
    UserTexts words = new UserTexts(new ArrayList<>(), new ArrayList<>());
    boolean command = false;
    for (Message message : messages) {
      if (message.role() != Message.Role.USER) {
        command &= message.role() != Message.Role.ASSISTANT;
        continue;
      }
      String source = source(message, subAgent);
      for (Block block : message.content()) {
        if (block instanceof Block.Text text) {
          // A command's text may look like a command as well.
          command |= source == null && !command && words.addCommand(text.text().strip());
          words.add(text.text(), command && source == null ? COMMAND_TEXT : source);
        }
      }
    }
    return words;
  }

  /** Returns where all texts of a message come from; null if some may be the user's. */
  private static String source(Message message, boolean subAgent) {
    boolean results =
        message.content().stream().anyMatch(block -> block instanceof Block.ToolResult);
    return subAgent ? TASK : results ? BESIDE_RESULTS : null;
  }

  /**
   * Takes what the user has typed of a command. The text that stands behind it is a file's, with
   * the output of the shell commands in it, and other files.
   *
   * @return whether the text is a command
   */
  private boolean addCommand(String text) {
    Matcher command = COMMAND.matcher(text);
    if (!command.matches()) {
      return false;
    }
    String arguments = command.group(2) == null ? "" : command.group(2).strip();
    user.add((command.group(1) + " " + arguments).strip());
    return true;
  }

  private void add(String text, String source) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      return;
    }
    if (source != null) {
      others.add(new Other(source, stripped));
      return;
    }
    for (String beginning : BEGINNINGS) {
      if (stripped.startsWith(beginning)) {
        others.add(new Other(beginning, stripped));
        return;
      }
    }
    split(stripped);
  }

  /**
   * Takes everything from the first element of the client's to the end of the last one as not the
   * user's. A file may hold an element's end, and so nothing between two of them is trusted.
   */
  private void split(String text) {
    Matcher element = ELEMENT.matcher(text);
    if (!element.find()) {
      user.add(text);
      return;
    }
    int from = element.start();
    String name = element.group(2);
    int to = -1;
    boolean open = true;
    do {
      open = element.group(1).isEmpty();
      int end = text.indexOf('>', element.end());
      to = end < 0 ? text.length() : end + 1;
    } while (element.find());
    keep(text.substring(0, from));
    others.add(new Other(name, text.substring(from, open ? text.length() : to)));
    if (!open) {
      keep(text.substring(to));
    }
  }

  private void keep(String text) {
    if (!text.isBlank()) {
      user.add(text.strip());
    }
  }
}
