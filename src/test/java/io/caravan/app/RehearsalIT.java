package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.OneRun;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a rehearsal has ports of its own and calls nobody. */
class RehearsalIT {
  @TempDir Path directory;

  @Test
  void takesNothingFromTheEnvironment() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      String port = String.valueOf(upstream.port());
      OneRun run =
          OneRun.of(
              directory,
              Map.of(
                  "CARAVAN_PORT",
                  port,
                  "CARAVAN_API_KEYS",
                  "sk-of-my-own-3f9a",
                  "NIM_BASE_URL",
                  upstream.url(),
                  "CARAVAN_NIM_BASE_URL",
                  upstream.url(),
                  "NVIDIA_API_KEY",
                  "nvapi-of-my-own"),
              "rehearse");

      assertThat(run.output()).doesNotContain("failed", port);
      assertThat(run.exit()).isZero();
      assertThat(upstream.everything()).isEmpty();
    }
  }
}
