package io.caravan.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words behind a command: those for Caravan, and those after {@code --} for Claude Code.
 *
 * @param config the directory of {@code --config}; null if none is named
 * @param options the other words for Caravan
 * @param claude the words for Claude Code
 */
public record Words(Path config, List<String> options, List<String> claude) {
  /**
   * Reads the words.
   *
   * @throws IllegalArgumentException if {@code --config} names no directory
   */
  public static Words of(List<String> arguments) {
    int dashes = arguments.indexOf("--");
    List<String> own = dashes < 0 ? arguments : arguments.subList(0, dashes);
    List<String> claude = dashes < 0 ? List.of() : arguments.subList(dashes + 1, arguments.size());
    List<String> options = new ArrayList<>();
    Path config = null;
    for (int i = 0; i < own.size(); i++) {
      if (!own.get(i).equals("--config")) {
        options.add(own.get(i));
        continue;
      }
      if (++i == own.size() || !Files.isDirectory(Path.of(own.get(i)))) {
        throw new IllegalArgumentException(
            "--config needs a directory" + (i < own.size() ? ": " + own.get(i) + " is none" : ""));
      }
      config = Path.of(own.get(i)).toAbsolutePath().normalize();
    }
    return new Words(config, List.copyOf(options), List.copyOf(claude));
  }

  /** Returns the places that they name, or else those of the environment. */
  public Places places() {
    Places places = Places.of(System.getenv());
    return config == null ? places : places.withConfig(config);
  }
}
