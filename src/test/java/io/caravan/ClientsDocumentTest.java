package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/clients.md} has the clients that {@code bench/clients.sh} runs. */
class ClientsDocumentTest {
  private static final Path BENCH = Path.of("bench/clients");

  /** A name, its mark, and a version. */
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| [^|]+ \\| `([\\w-]+)`(\\*?) \\| ([\\d.]+) \\| [^|]+ \\| [^|]+ \\|$");

  @Test
  void theTableHasEachClientItsVersionAndItsMark() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(Files.readString(Path.of("docs/clients.md")))
        .results()
        .forEach(row -> rows.put(row.group(1), row.group(3) + row.group(2)));
    Map<String, String> run = new TreeMap<>();
    clients()
        .forEach(
            (name, client) ->
                run.put(
                    name,
                    client.path("version").asText()
                        + (client.path("short").asBoolean() ? "*" : "")));

    assertThat(rows).hasSizeGreaterThan(12).isEqualTo(run);
    assertThat(run.values()).filteredOn(version -> version.endsWith("*")).hasSize(5);
  }

  @Test
  void eachPackageIsPinned() throws IOException {
    assertThat(clients())
        .allSatisfy(
            (name, client) ->
                assertThat(packages(client))
                    .isNotEmpty()
                    .allMatch(wanted -> wanted.matches(".+(==|@v?|:)\\d+\\.\\d+(\\.\\d+)*"))
                    .anyMatch(wanted -> wanted.endsWith(client.path("version").asText())));
  }

  @Test
  void eachScriptIsThere() throws IOException {
    assertThat(clients().values())
        .flatExtracting(client -> texts(client.path("scripts")))
        .allMatch(script -> Files.isRegularFile(BENCH.resolve(script)));
    assertThat(clients().values())
        .flatExtracting(client -> texts(client.path("command")))
        .filteredOn(word -> word.startsWith("{BENCH}/"))
        .hasSizeGreaterThan(3)
        .allMatch(word -> Files.isRegularFile(BENCH.resolve(word.substring(8))));
  }

  private static Map<String, JsonNode> clients() throws IOException {
    Map<String, JsonNode> clients = new TreeMap<>();
    new ObjectMapper()
        .readTree(new File("bench/clients/clients.json"))
        .properties()
        .forEach(client -> clients.put(client.getKey(), client.getValue()));
    return clients;
  }

  private static List<String> packages(JsonNode client) {
    return List.of("pip", "npm", "maven", "go").stream()
        .flatMap(registry -> texts(client.path(registry)).stream())
        .toList();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
