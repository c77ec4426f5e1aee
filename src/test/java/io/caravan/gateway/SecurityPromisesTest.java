package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.NamedTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that each promise of SECURITY.md names a test that exists. */
class SecurityPromisesTest {
  @Test
  void eachIsHeldByATest() throws Exception {
    List<String> rows =
        Files.readAllLines(Path.of("SECURITY.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| promise"))
            .toList();

    assertThat(rows).hasSizeGreaterThan(10);
    for (String row : rows) {
      assertThat(NamedTests.assertExist(row)).as(row).isPositive();
    }
  }
}
