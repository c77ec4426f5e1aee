package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/claude-code.md names the version that was recorded last and the one that is pinned. */
class ClaudeCodeRecordTest {
  private static final Path BENCH = Path.of("bench/claude-code");
  private static final Pattern HEAD =
      Pattern.compile("# What Claude Code (\\S+) sends, recorded on (\\d{4}-\\d\\d-\\d\\d) by ");
  private static final Pattern PINNED = Pattern.compile("(?m)^version=(\\S+)$");

  @Test
  void theDocumentNamesTheLastRecord() throws IOException {
    Matcher head = HEAD.matcher(Files.readString(BENCH.resolve("sent.txt")));
    assertThat(head.lookingAt()).isTrue();
    String day =
        LocalDate.parse(head.group(2))
            .format(DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH));

    assertThat(document()).contains("Claude Code " + head.group(1) + " sent on " + day);
  }

  @Test
  void theDocumentNamesThePinnedVersion() throws IOException {
    Matcher pinned = PINNED.matcher(Files.readString(BENCH.resolve("run.sh")));
    assertThat(pinned.find()).isTrue();

    assertThat(document()).contains("are in `.ci/run` with " + pinned.group(1));
  }

  @Test
  void theRecordIsSortedAndHoldsNoIds() throws IOException {
    List<String> lines =
        Files.readAllLines(BENCH.resolve("sent.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();

    assertThat(lines).hasSizeGreaterThan(100).isSorted().doesNotHaveDuplicates();
    assertThat(lines)
        .allMatch(line -> line.matches("(beta|body|endpoint|header|schema|system|tool) .+ \\[.+]"))
        .noneMatch(line -> line.matches("(?i).*[0-9a-f]{8}-[0-9a-f]{4}-.*|.*/(home|root|tmp)/.*"));
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("docs/claude-code.md"));
  }
}
