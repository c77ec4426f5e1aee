package io.caravan.local;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A shell command that means what it says: one command and plain words, without characters that a
 * shell would interpret.
 */
final class ShellCommand {
  /** Any other character may be quoting, expansion, chaining, redirection or an escape. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@,+ -]+");

  private ShellCommand() {}

  /** Returns the words, or null if it is doubtful how a shell would read the command. */
  static List<String> words(String command) {
    boolean plain =
        PLAIN.matcher(command).matches() && !command.startsWith(" ") && !command.endsWith(" ");
    return plain ? List.of(command.split(" +", -1)) : null;
  }
}
