package io.caravan.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The {@code --name value} arguments of a command of the test kit. */
public final class Arguments {
  private final Map<String, String> values = new HashMap<>();

  /**
   * Reads the arguments of a command.
   *
   * @param flags names that take no value
   * @param options names that take one
   * @throws IllegalArgumentException if a name is neither, or an option has no value
   */
  public static Arguments parse(String[] args, Set<String> flags, Set<String> options) {
    Arguments parsed = new Arguments();
    for (int i = 0; i < args.length; i++) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
      if (flags.contains(name)) {
        parsed.values.put(name, "true");
      } else if (!options.contains(name)) {
        throw new IllegalArgumentException(
            "unknown argument "
                + args[i]
                + "; known are --"
                + String.join(", --", names(flags, options)));
      } else if (++i == args.length) {
        throw new IllegalArgumentException("--" + name + " needs a value");
      } else {
        parsed.values.put(name, args[i]);
      }
    }
    return parsed;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public String get(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  public int get(String name, int otherwise) {
    return has(name) ? Integer.parseInt(values.get(name)) : otherwise;
  }

  private static List<String> names(Set<String> flags, Set<String> options) {
    return Stream.concat(flags.stream(), options.stream()).sorted().toList();
  }
}
