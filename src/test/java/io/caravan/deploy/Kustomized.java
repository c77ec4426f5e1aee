package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** The objects that {@code kubectl apply -k} would send. */
final class Kustomized {
  private Kustomized() {}

  /** Returns the YAML documents of a folder of {@code deploy/}. */
  static String yaml(String variant) throws Exception {
    Process kubectl = new ProcessBuilder("kubectl", "kustomize", "deploy/" + variant).start();
    String made = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String said = new String(kubectl.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(kubectl.waitFor()).as(said).isZero();
    return made;
  }
}
