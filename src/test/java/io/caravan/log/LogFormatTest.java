package io.caravan.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests where the form of the log comes from. */
class LogFormatTest {
  @TempDir Path directory;

  private void file(String content) throws Exception {
    Files.writeString(directory.resolve("application.properties"), content);
  }

  @Test
  void theEnvironmentComesBeforeTheFileAndTheFileBeforeTheDefault() throws Exception {
    assertThat(LogFormat.of(directory, Map.of())).isEqualTo("text");
    file("caravan.log.format = json\n");
    assertThat(LogFormat.of(directory, Map.of())).isEqualTo("json");
    assertThat(LogFormat.of(directory, Map.of("CARAVAN_LOG_FORMAT", "text"))).isEqualTo("text");
    assertThat(LogFormat.of(directory, Map.of("CARAVAN_LOG_FORMAT", " "))).isEqualTo("json");
  }

  @Test
  void aFileThatCantBeReadIsNoFault() throws Exception {
    file("caravan.log.format = \\uZZZZ\n");
    assertThat(LogFormat.of(directory, Map.of())).isEqualTo("text");
  }
}
