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
   * Asserts that all tests named in a text exist.
   *
   * @return the number of names
   */
  public static int assertExist(String text) throws IOException {
    int named = 0;
    for (Matcher each = TEST.matcher(text); each.find(); named++) {
      assertThat(source(each.group(1))).as(each.group()).contains("void " + each.group(2) + "(");
    }
    return named;
  }

  /** Returns the source of all classes of a test's name; several packages may have one. */
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
