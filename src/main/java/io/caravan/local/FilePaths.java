package io.caravan.local;

import io.caravan.anthropic.MessagesRequest;
import java.util.List;
import java.util.Set;

/**
 * Answers Claude Code's request for the files that a shell command has shown: the arguments of the
 * few commands that do nothing else. For any other command it reports none, and then Claude Code
 * reads a file before it edits it.
 */
final class FilePaths {
  private static final String TASK = "Extract any file paths that this command reads or modifies.";
  private static final String COMMAND = "Command: ";
  private static final String OUTPUT = "\nOutput: ";
  private static final Set<String> SHOWING = Set.of("cat", "head", "tail", "less", "more");

  private FilePaths() {}

  static LocalAnswer answer(MessagesRequest request) {
    SideQuestion question = SideQuestion.of(request);
    if (question == null || !question.task().startsWith(TASK) || !question.prefill().isEmpty()) {
      return null;
    }
    int output = question.text().indexOf(OUTPUT);
    if (!question.text().startsWith(COMMAND) || output < 0) {
      return null;
    }
    List<String> paths = paths(question.text().substring(COMMAND.length(), output));
    String text =
        "<is_displaying_contents>\n%s\n</is_displaying_contents>\n\n<filepaths>\n%s</filepaths>"
            .formatted(!paths.isEmpty(), paths.isEmpty() ? "" : String.join("\n", paths) + "\n");
    return LocalAnswer.of(LocalKind.FILE_PATHS, text);
  }

  static List<String> paths(String command) {
    List<String> words = ShellCommand.words(command);
    if (words == null || !SHOWING.contains(words.get(0))) {
      return List.of();
    }
    // An option may take the word after it as its value, so nothing is certain.
    List<String> arguments = words.subList(1, words.size());
    return arguments.stream().anyMatch(word -> word.startsWith("-")) ? List.of() : arguments;
  }
}
