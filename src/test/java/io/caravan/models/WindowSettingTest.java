package io.caravan.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowSettingTest {
  @ParameterizedTest
  @CsvSource({
    "131072,export CLAUDE_CODE_AUTO_COMPACT_WINDOW=131072",
    "100000,export CLAUDE_CODE_AUTO_COMPACT_WINDOW=100000",
    "99999,export ANTHROPIC_MODEL=claude-opus CLAUDE_CODE_MAX_CONTEXT_TOKENS=99999",
    "8192,export ANTHROPIC_MODEL=claude-opus CLAUDE_CODE_MAX_CONTEXT_TOKENS=8192"
  })
  void namesTheSettingThatClaudeCodeReadsForAWindow(int window, String command) {
    assertThat(WindowSetting.of(window)).isEqualTo(command);
  }
}
