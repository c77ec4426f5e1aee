package io.caravan.local;

import io.caravan.anthropic.MessagesRequest;
import java.util.List;
import java.util.Set;

/**
 * Answers Claude Code's request for the prefix of a shell command. Versions up to 2.0 use it to
 * decide whether the command may run without asking. Only commands that read and do nothing else
 * have one here. Any doubtful command is reported as an injection, and then the user is asked.
 */
final class CommandPrefix {
  private static final String TASK =
      "Your task is to process Bash commands that an AI coding agent wants to run.";
  private static final String POLICY = "<policy_spec>\n";
  private static final String POLICY_END = "\n</policy_spec>\n";
  private static final String COMMAND = "\n\nCommand: ";
  private static final String DOUBT = "command_injection_detected";

  private static final Set<String> READERS =
      Set.of("cat", "cd", "head", "ls", "pwd", "tail", "wc", "which", "whoami");
  private static final Set<String> GIT_READERS = Set.of("status", "log", "show", "diff", "blame");

  /** Options with which even these commands write a file or run a program. */
  private static final List<String> HARMFUL = List.of("--output", "--ext-diff", "--textconv");

  private CommandPrefix() {}

  static LocalAnswer answer(MessagesRequest request) {
    SideQuestion question = SideQuestion.of(request);
    if (question == null || !question.task().startsWith(TASK) || !question.prefill().isEmpty()) {
      return null;
    }
    String text = question.text();
    int policyEnd = text.indexOf(POLICY_END);
    int command = text.indexOf(COMMAND, Math.max(policyEnd, 0));
    if (!text.startsWith(POLICY) || policyEnd < 0 || command < 0) {
      return null;
    }
    String asked = text.substring(command + COMMAND.length());
    if (asked.endsWith("\n")) {
      asked = asked.substring(0, asked.length() - 1);
    }
    return LocalAnswer.of(LocalKind.COMMAND_PREFIX, prefix(asked));
  }

  static String prefix(String command) {
    List<String> words = ShellCommand.words(command);
    if (words == null || words.stream().anyMatch(w -> HARMFUL.stream().anyMatch(w::startsWith))) {
      return DOUBT;
    }
    if (READERS.contains(words.get(0))) {
      return words.get(0);
    }
    boolean git = words.get(0).equals("git") && words.size() > 1;
    return git && GIT_READERS.contains(words.get(1)) ? "git " + words.get(1) : DOUBT;
  }
}
