package io.caravan.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * The commands in a shell command, for rules that name one: the whole, and its parts between the
 * shell's separators. Quotes and backslashes count as in a shell; a substitution is a part within
 * double quotes too. White space between words is one space. A part too many only flags more.
 */
final class ShellParts {
  private static final String SEPARATORS = ";&|\n(){}`";

  private final String command;
  private final List<String> parts = new ArrayList<>();
  private final StringBuilder part = new StringBuilder();
  private char quote;
  private int at;

  private ShellParts(String command) {
    this.command = command;
  }

  /** Returns the commands. */
  static List<String> of(String command) {
    ShellParts shell = new ShellParts(command.replace("\\\r\n", "").replace("\\\n", ""));
    shell.parts.add(command.strip());
    shell.split();
    return shell.parts;
  }

  private void split() {
    for (; at < command.length(); at++) {
      char c = command.charAt(at);
      if (c == '\\' && quote != '\'' && at + 1 < command.length()) {
        part.append(c).append(command.charAt(++at));
      } else if (separates(c)) {
        end();
      } else {
        quote(c);
        part.append(quote == 0 && Character.isWhitespace(c) ? ' ' : c);
      }
    }
    end();
  }

  private boolean separates(char c) {
    return switch (quote) {
      case 0 -> SEPARATORS.indexOf(c) >= 0;
      case '"' -> c == '`' || (c == '(' && at > 0 && command.charAt(at - 1) == '$');
      default -> false;
    };
  }

  private void quote(char c) {
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
  }

  private void end() {
    parts.add(part.toString().strip().replaceAll(" {2,}", " "));
    part.setLength(0);
  }
}
