package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.caravan.testkit.NeedsProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kubectl kustomize} makes of {@code deploy/} what Kubernetes knows. */
@NeedsProgram("kubectl")
class KustomizeIT {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @ParameterizedTest
  @ValueSource(strings = {"plain", "plain-with-keys", "camel-k", "camel-k-git"})
  void kustomizeMakesObjectsOfNothingButKnownFields(String variant) throws Exception {
    JsonSchema schema = objectsSchema();
    List<JsonNode> objects = kustomize(variant);

    for (JsonNode object : objects) {
      assertThat(schema.validate(object)).as("%s", object.at("/metadata/name")).isEmpty();
    }
    assertThat(objects.stream().map(object -> object.path("kind").asText()))
        .contains("Secret", "ConfigMap", "NetworkPolicy", "PodDisruptionBudget")
        .contains(variant.startsWith("plain") ? "Deployment" : "Integration");
  }

  /** A ConfigMap whose name follows its contents is what makes an edited setting roll the pods. */
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

  @Test
  void theFileOfClientKeysIsWhereItsSettingSays() throws Exception {
    List<JsonNode> objects = kustomize("plain-with-keys");
    JsonNode secret = named(objects, "Secret", "caravan-keys");
    JsonNode pod = named(objects, "Deployment", "caravan").at("/spec/template/spec");
    JsonNode volume = with(pod.path("volumes"), "client-keys");
    JsonNode container = pod.path("containers").get(0);
    String file = with(container.path("env"), "CARAVAN_CLIENT_KEYS_FILE").path("value").asText();
    JsonNode mount = with(container.path("volumeMounts"), "client-keys");

    assertThat(volume.at("/secret/secretName")).isEqualTo(secret.at("/metadata/name"));
    assertThat(mount.has("subPath")).as("a file of its own never changes").isFalse();
    assertThat(Path.of(file).getParent()).hasToString(mount.path("mountPath").asText());
    assertThat(
            secret.at("/stringData").has(Path.of(file).getFileName().toString())
                || secret.at("/data").has(Path.of(file).getFileName().toString()))
        .isTrue();
  }

  private static JsonNode named(List<JsonNode> objects, String kind, String name) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .filter(object -> object.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode with(JsonNode list, String name) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(each -> each.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> kustomize(String variant) throws Exception {
    return YAML
        .readerFor(JsonNode.class)
        .<JsonNode>readValues(Kustomized.yaml(variant))
        .readAll()
        .stream()
        .collect(Collectors.toList());
  }

  private static JsonSchema objectsSchema() throws IOException {
    try (InputStream in = KustomizeIT.class.getResourceAsStream("/deploy/objects.schema.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(in);
    }
  }
}
