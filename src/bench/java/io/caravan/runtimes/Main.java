package io.caravan.runtimes;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.ScriptedUpstream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts Caravan's routes in another runtime of Camel by a command, and checks that they serve as
 * those of the jar do. {@code bench/camel-cli.sh} and {@code bench/exports.sh} describe its
 * arguments.
 */
public final class Main {
  private static final PrintStream OUT = System.out;

  private Main() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(args, Set.of(), Set.of("name", "command", "directory", "edit"));
    Path directory = Path.of(arguments.get("directory", "."));
    boolean sound;
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan =
            CaravanProcess.start(
                List.of("bash", "-c", "exec " + arguments.get("command", "")),
                directory,
                Map.of(
                    "NIM_BASE_URL", upstream.url(),
                    "NVIDIA_API_KEY", "upstream-key",
                    "MODEL", "nim/scripted/model"))) {
      OUT.println(arguments.get("name", "Caravan") + " is ready on " + caravan.url());
      Drive drive = new Drive(caravan.url(), upstream);
      sound = drive.all(OUT);
      if (arguments.has("edit")) {
        sound = drive.edit(directory.resolve(arguments.get("edit", "")), OUT);
      }
      if (!sound) {
        OUT.println("The log: " + Files.readString(caravan.log()));
      }
    }
    System.exit(sound ? 0 : 1);
  }
}
