package io.caravan.local;

/** The kinds of requests that can be answered without a model. */
public enum LocalKind {
  /** A request for one token. Claude Code reads the limits from the response's headers. */
  QUOTA("quota"),
  /** A request for the title of the session or of the terminal's window. */
  TITLE("title"),
  /** A request for the user's next input, which is shown greyed out. */
  SUGGESTION("suggestion"),
  /** A call that only fills the prompt cache of a sub-agent (Claude Code 2.0). */
  WARM_UP("warm-up"),
  /** A request for the files that a shell command has shown (Claude Code up to 2.0). */
  FILE_PATHS("file-paths"),
  /**
   * A request for the prefix of a shell command, which is compared with a permission rule (up to
   * 2.0).
   */
  COMMAND_PREFIX("command-prefix");

  private final String label;

  LocalKind(String label) {
    this.label = label;
  }

  /** Returns the name in settings, header and metric. */
  public String label() {
    return label;
  }
}
