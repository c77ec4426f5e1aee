package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientKeys;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the command that makes a client key. */
class NewKeyTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int make(String... words) {
    return NewKey.make(
        List.of(words),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String key() {
    String said = err.toString(StandardCharsets.UTF_8).strip();
    return said.substring(said.lastIndexOf(' ') + 1);
  }

  @Test
  void theLineLetsTheKeyInWithItsLimits() throws Exception {
    assertThat(make("new", "ann", "rpm=60", "monthly-usd=25", "expires=2999-12-31")).isZero();
    Path file = directory.resolve("keys");
    Files.write(file, out.toByteArray());
    ClientKeys keys = new ClientKeys();
    keys.setFile(file.toString());

    Client ann = keys.authenticate(key());

    assertThat(ann.id()).isEqualTo("ann");
    assertThat(ann.requestsPerMinute()).isEqualTo(60);
    assertThat(ann.budgets()).hasSize(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain(key());
  }

  @Test
  void eachKeyIsAnother() {
    make("new", "ann");
    String first = key();
    err.reset();
    make("new", "ann");
    assertThat(key()).isNotEqualTo(first).hasSizeGreaterThan(32);
  }

  @Test
  void whatTheFileWouldRefuseIsRefused() {
    assertThat(make("new", "ann", "rmp=60")).isEqualTo(2);
    assertThat(make("new", "a b\nsha256:")).isEqualTo(2);
    assertThat(make("new")).isEqualTo(2);
    assertThat(make("new", "rpm=60")).isEqualTo(2);
    assertThat(out.size()).isZero();
  }
}
