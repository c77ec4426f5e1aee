package io.caravan.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program {@code claude} of the PATH. */
final class ClaudeProgram {
  private static final List<String> NAMES = List.of("claude", "claude.exe", "claude.cmd");

  private ClaudeProgram() {}

  /**
   * Finds the program. A relative folder of the PATH is passed over: it would be one of the
   * project.
   *
   * @throws LaunchException if there is none
   */
  static Path find(String path) throws LaunchException {
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      for (String name : NAMES) {
        if (!folder.isEmpty()
            && Path.of(folder).isAbsolute()
            && Files.isRegularFile(Path.of(folder, name))
            && Files.isExecutable(Path.of(folder, name))) {
          return Path.of(folder, name);
        }
      }
    }
    throw new LaunchException(
        "There is no claude on the PATH: install Claude Code (npm install -g"
            + " @anthropic-ai/claude-code)");
  }
}
