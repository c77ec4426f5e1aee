package io.caravan.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExtendDocumentTest {
  /** What integrators copy is compiled and run. */
  @Test
  void showsATestThatRuns() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/caravan/examples/OwnCounterTest.java"));
    String shown = source.substring(source.indexOf("import "));

    assertThat(Files.readString(Path.of("docs/extend.md"))).contains("```java\n" + shown + "```\n");
  }
}
