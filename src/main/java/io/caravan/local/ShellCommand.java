package io.caravan.local;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A shell command that means what it says: one command and plain words, with nothing that a shell
 * would give a meaning of its own.
 */
final class ShellCommand {
  /** What is not in here may be quoting, expansion, chaining, redirection or an escape. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@,+ -]+");

  private ShellCommand() {}

  /** The words, or null where there is any doubt what a shell would make of it. */
  static List<String> words(String command) {
    boolean plain =
        PLAIN.matcher(command).matches() && !command.startsWith(" ") && !command.endsWith(" ");
    return plain ? List.of(command.split(" +", -1)) : null;
  }
}
