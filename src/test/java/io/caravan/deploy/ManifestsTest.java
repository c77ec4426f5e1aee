package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ManifestsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void theMadeFilesAreThoseThatTheRoutesMake() throws IOException {
    for (Map.Entry<Path, String> file : Manifests.all().entrySet()) {
      assertThat(file.getKey())
          .as("differs from routes/ or application.properties; run bench/manifests.sh")
          .content()
          .isEqualTo(file.getValue());
    }
    try (Stream<Path> kamelets = Files.list(Path.of("deploy/camel-k/kamelets"))) {
      assertThat(kamelets).isSubsetOf(Manifests.all().keySet());
    }
  }

  @Test
  void theRoutesAreWhatCamelsOwnSchemaTakes() throws IOException {
    JsonSchema schema = camelsSchema();
    List<String> faults = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
        for (String fault : faults(schema, YAML.readTree(file.toFile()))) {
          faults.add(file + " " + fault);
        }
      }
    }
    assertThat(faults).isEmpty();
    JsonNode integration = YAML.readTree(Path.of("deploy/camel-k/integration.yaml").toFile());
    assertThat(faults(schema, integration.at("/spec/flows"))).isEmpty();
  }

  /** Returns the faults, without booleans that are placeholders: the schema does not know those. */
  private static List<String> faults(JsonSchema schema, JsonNode yaml) {
    return schema.validate(yaml).stream()
        .filter(fault -> !isPlaceholder(fault.getInstanceNode()))
        .map(String::valueOf)
        .toList();
  }

  private static boolean isPlaceholder(JsonNode value) {
    return value != null && value.asText().startsWith("{{");
  }

  private static JsonSchema camelsSchema() throws IOException {
    try (InputStream in = ManifestsTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
    }
  }
}
