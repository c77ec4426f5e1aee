package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The objects that {@code kubectl apply -k} would send. */
final class Kustomized {
  private Kustomized() {}

  /** Returns the YAML documents of a folder of {@code deploy/}. */
  static String yaml(String variant) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl"))),
        "kubectl is not installed: what kustomize makes was not looked at");
    Process kubectl = new ProcessBuilder("kubectl", "kustomize", "deploy/" + variant).start();
    String made = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String said = new String(kubectl.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(kubectl.waitFor()).as(said).isZero();
    return made;
  }
}
