package io.caravan.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Generates the files of {@code deploy/} that repeat {@code routes/} and {@code
 * application.properties}: the Integration of Camel K, its Kamelets, and the provider files of the
 * plain Deployment. It works on text, so that the comments are kept.
 */
final class Manifests {
  private static final Path ROUTES = Path.of("routes");
  private static final String MADE = "# Made from routes/ by bench/manifests.sh: edit those.\n";

  private Manifests() {}

  /** Writes them all; {@code bench/manifests.sh} calls this. */
  public static void main(String[] args) throws IOException {
    for (Map.Entry<Path, String> file : all().entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.writeString(file.getKey(), file.getValue());
    }
  }

  /** Returns the contents of all files by path. */
  static Map<Path, String> all() throws IOException {
    Map<Path, String> files = new TreeMap<>();
    List<Path> kamelets = list(ROUTES.resolve("kamelets"));
    for (Path kamelet : kamelets) {
      files.put(
          Path.of("deploy/camel-k/kamelets", name(kamelet)), MADE + Files.readString(kamelet));
    }
    files.put(Path.of("deploy/camel-k/integration.yaml"), integration());
    files.put(Path.of("deploy/camel-k/kustomization.yaml"), kustomization(kamelets));
    files.put(
        Path.of("deploy/plain/providers/nim.camel.yaml"),
        MADE + Files.readString(ROUTES.resolve("providers/nim.camel.yaml")));
    return files;
  }

  private static String integration() throws IOException {
    StringBuilder flows = new StringBuilder();
    // Those that others refer to come first.
    List<Path> routes = new ArrayList<>(list(ROUTES));
    routes.sort(Comparator.comparing(route -> !name(route).startsWith("beans.")));
    routes.addAll(list(ROUTES.resolve("providers")));
    for (Path route : routes) {
      flows.append(Files.readString(route).indent(4));
    }
    return MADE
        + Files.readString(Path.of("deploy/camel-k/integration.template.yaml"))
            .replace("SETTINGS\n", settings())
            .replace("FLOWS\n", flows);
  }

  /** Returns the settings in the form of the camel trait: one string each. */
  private static String settings() throws IOException {
    return Files.readAllLines(Path.of("application.properties")).stream()
        .filter(line -> line.matches("(caravan|camel|quarkus)\\..*"))
        .filter(line -> !line.matches("camel\\.(jbang|server|management|metrics)\\..*"))
        .map(line -> "        - '" + line.strip().replaceFirst(" *= *", "=") + "'\n")
        .collect(Collectors.joining());
  }

  private static String kustomization(List<Path> kamelets) throws IOException {
    String names =
        kamelets.stream()
            .map(kamelet -> "  - kamelets/" + name(kamelet) + "\n")
            .collect(Collectors.joining());
    return Files.readString(Path.of("deploy/camel-k/kustomization.template.yaml"))
        .replace("KAMELETS\n", names);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> name(file).endsWith(".yaml")).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
