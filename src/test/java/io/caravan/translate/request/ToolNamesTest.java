package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToolNamesTest {
  private static final String LONG = "mcp__some_long_server_name__" + "x".repeat(60);

  private final ToolNames names = new ToolNames(64);

  @Test
  void leavesNamesAloneThatAreTaken() {
    assertThat(names.declare("mcp__git__log-all")).isEqualTo("mcp__git__log-all");
    assertThat(names.original("mcp__git__log-all")).isEqualTo("mcp__git__log-all");
  }

  @Test
  void cutsLongNamesReversibly() {
    String alias = names.declare(LONG);
    assertThat(alias).hasSize(64).startsWith("mcp__some_long").matches("[a-zA-Z0-9_-]+");
    assertThat(names.original(alias)).isEqualTo(LONG);
    assertThat(new ToolNames(64).alias(LONG)).isEqualTo(alias);
  }

  @Test
  void tellsLongNamesApart() {
    Set<String> aliases = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      aliases.add(names.declare(LONG + i));
    }
    assertThat(aliases).hasSize(100);
  }

  @Test
  void cleansNamesReversibly() {
    String alias = names.declare("files.read/ü");
    assertThat(alias).startsWith("files_read_").matches("[a-zA-Z0-9_-]+");
    assertThat(names.original(alias)).isEqualTo("files.read/ü");
  }

  @Test
  void findsTheToolWhoseNameTheServerChanged() {
    names.declare("WebFetch");
    names.declare("read-file");
    assertThat(names.original("web_fetch")).isEqualTo("WebFetch");
    assertThat(names.original("WEBFETCH")).isEqualTo("WebFetch");
    assertThat(names.original("read_file")).isEqualTo("read-file");
  }

  @Test
  void prefersTheExactName() {
    names.declare("readFile");
    names.declare("read_file");
    assertThat(names.original("read_file")).isEqualTo("read_file");
    assertThat(names.original("readFile")).isEqualTo("readFile");
  }

  @Test
  void leavesUnknownNamesAlone() {
    assertThat(names.original("invented")).isEqualTo("invented");
  }
}
