package io.caravan.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what Claude Code is given. */
class CodeTest {
  private static final Path CLAUDE = Path.of("/usr/bin/claude");

  @TempDir Path directory;

  private static GatewayFacts facts(Integer window) {
    return new GatewayFacts("nim/m", false, window, false, false);
  }

  @Test
  void asksForPermissionWithoutAJudge() {
    assertThat(Code.command(CLAUDE, List.of("-p", "hi"), false))
        .containsExactly(CLAUDE.toString(), "--permission-mode", "default", "-p", "hi");
    assertThat(Code.command(CLAUDE, List.of("-p", "hi"), true))
        .containsExactly(CLAUDE.toString(), "-p", "hi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--permission-mode", "--permission-mode=plan", "--dangerously-skip-permissions"})
  void leavesTheUsersOwnChoice(String word) {
    assertThat(Code.command(CLAUDE, List.of(word), false)).containsExactly(CLAUDE.toString(), word);
  }

  @Test
  void namesTheWindowAsClaudeCodeReadsIt() {
    assertThat(ClaudeVariables.of("u", "k", facts(131072), false))
        .containsEntry("CLAUDE_CODE_AUTO_COMPACT_WINDOW", "131072")
        .doesNotContainKey("ANTHROPIC_MODEL");
    assertThat(ClaudeVariables.of("u", "k", facts(32768), false))
        .containsEntry("CLAUDE_CODE_MAX_CONTEXT_TOKENS", "32768")
        .containsEntry("ANTHROPIC_MODEL", "claude-opus");
    assertThat(ClaudeVariables.of("u", "k", facts(32768), true))
        .doesNotContainKey("ANTHROPIC_MODEL");
    assertThat(ClaudeVariables.of("u", "k", facts(null), false).keySet())
        .noneMatch(name -> name.contains("CONTEXT") || name.contains("COMPACT"));
  }

  @Test
  void readsItsWordsUpToTwoDashes() {
    Words words = Words.of(List.of("--config", directory.toString(), "--", "-p", "--config"));

    assertThat(words.config()).isEqualTo(directory);
    assertThat(words.options()).isEmpty();
    assertThat(words.claude()).containsExactly("-p", "--config");
  }

  @Test
  void namesTheDirectoryThatIsMissing() {
    Path none = directory.resolve("none");

    assertThatThrownBy(() -> Words.of(List.of("--config", none.toString())))
        .hasMessageContaining(none.toString());
    assertThatThrownBy(() -> Words.of(List.of("--config"))).hasMessageContaining("--config");
  }

  @Test
  void readsNoPlaceFromARelativeVariable() {
    Places places =
        Places.of(Map.of("HOME", "/home/ann", "XDG_CONFIG_HOME", "here", "XDG_STATE_HOME", ""));

    assertThat(places.config()).isEqualTo(Path.of("/home/ann/.config/caravan"));
    assertThat(places.state()).isEqualTo(Path.of("/home/ann/.local/state/caravan"));
    assertThat(places.claude()).isEqualTo(Path.of("/home/ann/.claude"));
  }

  @Test
  void runsNoClaudeOfARelativeFolder() throws Exception {
    Path claude = Files.createFile(directory.resolve("claude"));
    assertThat(claude.toFile().setExecutable(true)).isTrue();
    Path relative = Path.of("").toAbsolutePath().relativize(directory.toAbsolutePath());

    assertThat(ClaudeProgram.find("/none:" + directory)).isEqualTo(claude);
    assertThatThrownBy(() -> ClaudeProgram.find(relative + "::."))
        .hasMessageContaining("no claude on the PATH");
  }
}
