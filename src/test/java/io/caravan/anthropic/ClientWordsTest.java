package io.caravan.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests the words of messages to clients. Claude Code hides any message that has the name of the
 * key's header behind "Not logged in" (seen with 2.1.332).
 */
class ClientWordsTest {
  private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"");
  private static final String HEADER = "x-api-key";

  @Test
  void noMessageNamesTheHeaderOfTheKey() throws IOException {
    List<String> named = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Matcher literal =
            LITERAL.matcher(Files.readString(file).replaceAll("(?m)^ *(?://|\\*).*", ""));
        while (literal.find()) {
          String text = literal.group().toLowerCase(Locale.ROOT);
          // The name alone reads or filters the header; with other words it is part of a message.
          if (text.contains(HEADER) && !text.equals('"' + HEADER + '"')) {
            named.add(file + ": " + literal.group());
          }
        }
      }
    }

    assertThat(named).isEmpty();
  }

  @Test
  void noPageOrRouteNamesTheHeaderOfTheKey() throws IOException {
    List<Path> named = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        String settings = Files.readString(file).replaceAll("(?m)^ *#.*", "");
        if (settings.toLowerCase(Locale.ROOT).contains(HEADER)) {
          named.add(file);
        }
      }
    }

    assertThat(named).isEmpty();
  }
}
