package io.caravan.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The user's own directories, by the XDG Base Directory Specification. None depends on the working
 * directory.
 *
 * @param config the directory of settings and routes, {@code ~/.config/caravan}
 * @param state the directory of the secret, the log and the records, {@code ~/.local/state/caravan}
 * @param claude Claude Code's directory of settings, {@code ~/.claude}
 */
public record Places(Path config, Path state, Path claude) {
  private static final String OWN = "caravan";

  /** Returns the places of an environment; relative variables are ignored, as XDG says. */
  public static Places of(Map<String, String> environment) {
    // The JVM takes its own from the list of users, and not from the shell.
    Path home = absolute(environment.get("HOME"), Path.of(System.getProperty("user.home")));
    Path config = absolute(environment.get("XDG_CONFIG_HOME"), home.resolve(".config"));
    Path state = absolute(environment.get("XDG_STATE_HOME"), home.resolve(".local/state"));
    return new Places(
        config.resolve(OWN),
        state.resolve(OWN),
        absolute(environment.get("CLAUDE_CONFIG_DIR"), home.resolve(".claude")));
  }

  private static Path absolute(String value, Path otherwise) {
    return value == null || !Path.of(value).isAbsolute() ? otherwise : Path.of(value);
  }

  /** Returns the same places with another directory of settings. */
  public Places withConfig(Path directory) {
    return new Places(directory.toAbsolutePath().normalize(), state, claude);
  }

  /**
   * Makes a directory that only its owner can read, unless it exists.
   *
   * @throws IOException if it can't be made
   */
  static void make(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (isPosix(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
