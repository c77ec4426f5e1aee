package io.caravan.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tests that a document names, as {@code `Class#method`}. */
public final class NamedTests {
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

  private NamedTests() {}

  /**
   * Fails where one does not exist.
   *
   * @return how many are named
   */
  public static int assertExist(String text) throws IOException {
    int named = 0;
    for (Matcher each = TEST.matcher(text); each.find(); named++) {
      assertThat(source(each.group(1))).as(each.group()).contains("void " + each.group(2) + "(");
    }
    return named;
  }

  /** Of all classes of that name: packages may have one each. */
  private static String source(String test) throws IOException {
    StringBuilder source = new StringBuilder();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(path -> path.endsWith(test + ".java")).toList()) {
        source.append(Files.readString(file));
      }
    }
    return source.toString();
  }
}
