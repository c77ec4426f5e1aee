package io.caravan.app;

import io.caravan.settings.Similar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The words of the command line.
 *
 * @param command the command; {@code serve} if none is named
 * @param words the words behind it
 * @param settings the settings that options of {@code serve} give, by key
 */
public record CommandLine(String command, List<String> words, Map<String, String> settings) {
  private static final String SERVE = "serve";
  private static final String HELP = "--help";

  /** The options of {@code serve}, with the keys that they set. */
  private static final Map<String, String> OPTIONS =
      new TreeMap<>(
          Map.of(
              "--host", "caravan.host",
              "--port", "caravan.port",
              "--management-host", "caravan.management-host",
              "--management-port", "caravan.management-port"));

  /** The commands, with the options of those that read none themselves. */
  private static final Map<String, List<String>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("code", null);
    COMMANDS.put("setup", null);
    COMMANDS.put("scout", null);
    COMMANDS.put("replay", null);
    COMMANDS.put("key", null);
    COMMANDS.put("doctor", null);
    COMMANDS.put("judge-test", List.of());
    COMMANDS.put("diff", List.of());
    COMMANDS.put("rehearse", List.of());
    COMMANDS.put("version", List.of());
    COMMANDS.put("help", null);
  }

  /**
   * Reads the words.
   *
   * @throws IllegalArgumentException if there is no such command or option; the message says so
   */
  public static CommandLine of(List<String> arguments) {
    int dashes = arguments.indexOf("--");
    List<String> own = dashes < 0 ? arguments : arguments.subList(0, dashes);
    if (own.contains(HELP) || own.contains("-h")) {
      return new CommandLine("help", List.of(), Map.of());
    }
    if (own.equals(List.of("--version")) || own.equals(List.of("-v"))) {
      return new CommandLine("version", List.of(), Map.of());
    }
    boolean named = !arguments.isEmpty() && !arguments.get(0).startsWith("-");
    List<String> words = named ? arguments.subList(1, arguments.size()) : arguments;
    String command = named ? arguments.get(0) : SERVE;
    if (command.equals(SERVE)) {
      return new CommandLine(SERVE, List.of(), settings(words));
    }
    if (!COMMANDS.containsKey(command)) {
      throw new IllegalArgumentException("Caravan has no command " + command + question(command));
    }
    List<String> options = COMMANDS.get(command);
    if (options != null && !options.containsAll(words)) {
      throw new IllegalArgumentException(command + " takes no options: " + words.get(0));
    }
    return new CommandLine(command, List.copyOf(words), Map.of());
  }

  private static String question(String command) {
    List<String> commands = new ArrayList<>(COMMANDS.keySet());
    commands.add(SERVE);
    return command.matches("\\d+")
        ? "; did you mean --port " + command + "?"
        : Similar.question(command, commands);
  }

  private static Map<String, String> settings(List<String> words) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      int equals = words.get(i).indexOf('=');
      String option = equals < 0 ? words.get(i) : words.get(i).substring(0, equals);
      String key = OPTIONS.get(option);
      if (key == null) {
        throw new IllegalArgumentException(
            "serve has no option " + option + Similar.question(option, known()));
      }
      if (equals < 0 && i + 1 == words.size()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      settings.put(key, equals < 0 ? words.get(++i) : words.get(i).substring(equals + 1));
    }
    return settings;
  }

  private static List<String> known() {
    List<String> known = new ArrayList<>(OPTIONS.keySet());
    known.addAll(List.of(HELP, "--version"));
    return known;
  }

  /** Returns the options by the keys that they set. */
  public static Map<String, String> optionsByKey() {
    Map<String, String> options = new TreeMap<>();
    OPTIONS.forEach((option, key) -> options.put(key, option));
    return options;
  }
}
