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

  @Test
  void theyShipNoKeyAndNoPlaceholderOfOne() throws IOException {
    for (String line : Files.readAllLines(Path.of("deploy/common/secrets.env.example"))) {
      assertThat(line).matches("#.*|[A-Z_]+=");
    }
    try (Stream<Path> files = Files.walk(Path.of("deploy"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContainIgnoringCase("change-me");
      }
    }
  }

  @Test
  void theyNameWhoMayComeAndWhereToItGoes() throws IOException {
    assertThat(Files.readAllLines(Path.of("deploy/common/settings.env")))
        .filteredOn(line -> line.startsWith("CARAVAN_ALLOWED_HOSTS="))
        .hasSize(1)
        .noneMatch(line -> line.contains("*"));
    JsonNode policy = YAML.readTree(Path.of("deploy/common/network-policy.yaml").toFile());
    for (JsonNode rule : policy.at("/spec/ingress")) {
      assertThat(rule.path("from")).as("ingress %s", rule).isNotEmpty();
    }
    for (JsonNode rule : policy.at("/spec/egress")) {
      assertThat(rule.path("to")).as("egress %s", rule).isNotEmpty();
      if (rule.at("/ports").toString().contains("6379")) {
        assertThat(rule.findValues("namespaceSelector")).as("Redis without TLS").isEmpty();
        assertThat(rule.findValues("ipBlock")).as("Redis without TLS").isEmpty();
      }
    }
    assertThat(policy.at("/spec/egress").toString()).contains("169.254.0.0/16");
  }

  @Test
  void aVolumeInMemoryHasALimitAndAFullHeapEndsTheProcess() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("deploy"))) {
      for (Path file : files.filter(f -> f.toString().matches(".*(?<!template)\\.yaml")).toList()) {
        assertThat(Files.readString(file)).doesNotContain("emptyDir: {}");
        for (JsonNode volume : YAML.readTree(file.toFile()).findValues("emptyDir")) {
          assertThat(volume.has("sizeLimit")).as("%s", file).isTrue();
        }
      }
    }
    for (String file :
        List.of(
            "deploy/Dockerfile",
            "deploy/camel-k/integration.yaml",
            "deploy/camel-k-git/integration.yaml",
            "bin/caravan")) {
      assertThat(Path.of(file)).content().contains("-XX:+ExitOnOutOfMemoryError");
    }
  }

  /** The base moves under a tag: a release names it by its digest. */
  @Test
  void theBaseOfTheImageIsAnArgumentThatTheReleaseFills() throws IOException {
    assertThat(Path.of("deploy/Dockerfile"))
        .content()
        .containsPattern("(?m)^ARG BASE=[a-z-]+:[a-z0-9-]+$")
        .containsPattern("(?m)^FROM \\$\\{BASE}$");
    assertThat(Path.of("bench/release.sh")).content().contains("--build-arg \"BASE=$base\"");
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
