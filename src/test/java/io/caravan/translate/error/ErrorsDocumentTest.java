package io.caravan.translate.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.ErrorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of errors in docs/operate.md, beside the code. */
class ErrorsDocumentTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| .+? \\| (.+) \\|$");

  private static final Map<Retryability, String> BEFORE =
      Map.of(
          Retryability.NEVER, "nothing",
          Retryability.RETRY, "a retry, then the next model",
          Retryability.RETRY_ELSEWHERE, "the next model");

  private static String section(String title) throws IOException {
    String document = Files.readString(Path.of("docs/operate.md"));
    return document.split("\n#+ " + title + "\n", 2)[1].split("\n##", 2)[0];
  }

  private static String consequence(Consequence of) {
    ErrorType type = of.type();
    return type.status() + " `" + type.code() + "` | " + BEFORE.get(of.retryability());
  }

  @Test
  void eachKindOfFailureHasItsRow() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(section("An upstream's failures"))
        .results()
        .forEach(row -> rows.put(row.group(1), row.group(2)));
    Map<String, String> kinds = new TreeMap<>();
    for (FailureKind kind : FailureKind.values()) {
      kinds.put(kind.name().toLowerCase(Locale.ROOT), consequence(kind.consequence()));
    }
    for (TransportFailure kind : TransportFailure.values()) {
      kinds.put(kind.name().toLowerCase(Locale.ROOT), consequence(kind.consequence()));
    }

    assertThat(rows).isEqualTo(kinds);
  }

  /** No conflict is ever reported: an upstream's is a server's fault. */
  @Test
  void eachTypeOfErrorHasItsRow() throws IOException {
    Set<String> documented =
        Pattern.compile("(?m)^\\| (\\d{3} `\\w+`)")
            .matcher(section("When things fail"))
            .results()
            .map(row -> row.group(1))
            .filter(row -> row.endsWith("_error`") || row.endsWith("_large`"))
            .collect(Collectors.toSet());
    Set<String> types =
        EnumSet.complementOf(EnumSet.of(ErrorType.CONFLICT)).stream()
            .map(type -> type.status() + " `" + type.code() + "`")
            .collect(Collectors.toSet());

    assertThat(documented).isEqualTo(types);
  }
}
