package io.caravan.local;

/** The kinds of requests that can be answered without a model. */
public enum LocalKind {
  /** Claude Code asks for one token to read the limits from the answer's headers. */
  QUOTA("quota"),
  /** A title for the session or the terminal's window. */
  TITLE("title"),
  /** What the user might type next, shown greyed out. */
  SUGGESTION("suggestion"),
  /** Which files a shell command has shown (Claude Code up to 2.0). */
  FILE_PATHS("file-paths"),
  /** The prefix of a shell command that a permission rule is compared with (up to 2.0). */
  COMMAND_PREFIX("command-prefix");

  private final String label;

  LocalKind(String label) {
    this.label = label;
  }

  /** The name in settings, header and metric. */
  public String label() {
    return label;
  }
}
