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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void theRoutesAreValidByCamelsOwnSchema() throws IOException {
    JsonSchema schema = schema("/schema/camelYamlDsl.json", SpecVersion.VersionFlag.V4);
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

  @ParameterizedTest
  @ValueSource(strings = {"plain", "camel-k", "camel-k-git"})
  void kustomizeMakesObjectsOfNothingButKnownFields(String variant) throws Exception {
    JsonSchema schema = schema("/deploy/objects.schema.json", SpecVersion.VersionFlag.V7);
    List<JsonNode> objects = kustomize(variant);

    for (JsonNode object : objects) {
      assertThat(schema.validate(object)).as("%s", object.at("/metadata/name")).isEmpty();
    }
    assertThat(objects.stream().map(object -> object.path("kind").asText()))
        .contains("Secret", "ConfigMap", "NetworkPolicy", "PodDisruptionBudget")
        .contains(variant.equals("plain") ? "Deployment" : "Integration");
  }

  /** An edited setting restarts the pods because its ConfigMap's name depends on the contents. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "camel-k", "camel-k-git"})
  void podsNameTheConfigMapsByTheirContents(String variant) throws Exception {
    List<JsonNode> objects = kustomize(variant);
    Set<String> made = new TreeSet<>();
    Set<String> named = new TreeSet<>();
    for (JsonNode object : objects) {
      if (Set.of("ConfigMap", "Secret").contains(object.path("kind").asText())) {
        made.add(object.at("/metadata/name").asText());
      }
      for (String reference : List.of("configMapRef", "secretRef", "configMap")) {
        object.findValues(reference).forEach(found -> named.add(found.path("name").asText()));
      }
    }
    assertThat(named).isEqualTo(made).allMatch(name -> name.matches("caravan-\\w+-[a-z0-9]{10}"));
  }

  private static List<JsonNode> kustomize(String variant) throws Exception {
    return YAML
        .readerFor(JsonNode.class)
        .<JsonNode>readValues(Kustomized.yaml(variant))
        .readAll()
        .stream()
        .collect(Collectors.toList());
  }

  private static JsonSchema schema(String resource, SpecVersion.VersionFlag version)
      throws IOException {
    try (InputStream in = ManifestsTest.class.getResourceAsStream(resource)) {
      return JsonSchemaFactory.getInstance(version).getSchema(in);
    }
  }
}
