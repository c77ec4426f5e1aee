package io.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** Holds the rules of route files, so that every runtime of Camel can load them. */
class RouteFilesTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern SETTING = Pattern.compile("\\{\\{([a-z.-]+):(.+)}}");
  private static final String SVG = "data:image/svg+xml;base64,";
  private static final Pattern REFERENCE = Pattern.compile("#bean:(\\w+)");

  /**
   * A reader sees the whole path of a message at once; what is rare stands in routes of its own.
   */
  @Test
  void theMainRouteIsNineSteps() throws IOException {
    JsonNode route =
        YAML.readTree(Path.of("routes/messages.camel.yaml").toFile()).get(0).path("route");
    List<String> steps = new ArrayList<>();
    for (JsonNode step : route.at("/from/steps")) {
      JsonNode only = step.elements().next();
      if (!only.has("disabled")) {
        steps.add(only.path("id").asText());
      }
    }

    assertThat(route.path("id").asText()).isEqualTo("messages");
    assertThat(steps)
        .containsExactly(
            "accept",
            "read-request",
            "try-local-answers",
            "keep-alive",
            "choose-model",
            "try-early-answers",
            "count-tokens",
            "limit-client",
            "message-goes-on");
  }

  /** An export puts all files into one folder and loads them in any order. */
  @Test
  void aBeanRefersOnlyToThoseAboveItInItsOwnFile() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path file : files(".camel.yaml")) {
      Set<String> above = new HashSet<>();
      for (JsonNode entry : YAML.readTree(file.toFile())) {
        for (JsonNode bean : entry.path("beans")) {
          Matcher reference = REFERENCE.matcher(bean.path("properties").toString());
          while (reference.find()) {
            if (!above.contains(reference.group(1))) {
              faults.add(file + ": " + bean.path("name").asText() + " -> " + reference.group());
            }
          }
          above.add(bean.path("name").asText());
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** For the same reason no two files may have one name. */
  @Test
  void eachFileHasANameOfItsOwn() throws IOException {
    assertThat(files(".yaml").stream().map(file -> file.getFileName().toString()))
        .doesNotHaveDuplicates();
  }

  /** To Quarkus a setting without a value is none at all. */
  @Test
  void aSettingWithoutAValueHasADefaultWhereItIsUsed() throws IOException {
    Properties settings = settings();
    List<String> empty =
        settings.stringPropertyNames().stream()
            .filter(key -> settings.getProperty(key).isEmpty())
            .toList();
    List<Path> users = new ArrayList<>(files(".yaml"));
    users.add(Path.of("application.properties"));
    for (Path file : users) {
      String text = Files.readString(file);
      assertThat(empty)
          .as("used in %s without a default", file)
          .noneMatch(key -> text.contains("{{" + key + "}}"));
    }
  }

  /** An export knows no value of the environment, and a boolean's setter takes none but its two. */
  @Test
  void aBooleanOfTheEnvironmentIsSetByAText() throws Exception {
    Properties settings = settings();
    List<String> ofTheEnvironment =
        settings.stringPropertyNames().stream()
            .filter(key -> settings.getProperty(key).matches("\\{\\{env:\\w+:(true|false)}}"))
            .toList();
    assertThat(ofTheEnvironment).isNotEmpty();
    for (JsonNode bean :
        YAML.readTree(Path.of("routes/beans.camel.yaml").toFile()).findValue("beans")) {
      Class<?> type = Class.forName(bean.path("type").asText());
      for (Map.Entry<String, JsonNode> property : bean.path("properties").properties()) {
        String value = property.getValue().asText();
        if (ofTheEnvironment.stream().anyMatch(key -> value.startsWith("{{" + key))) {
          String setter =
              "set"
                  + property.getKey().substring(0, 1).toUpperCase(Locale.ROOT)
                  + property.getKey().substring(1);
          assertThat(type.getMethods())
              .as("%s.%s", type, setter)
              .filteredOn(method -> method.getName().equals(setter))
              .allMatch(method -> method.getParameterTypes()[0] == String.class);
        }
      }
    }
  }

  /** The setting promises it without exception. */
  @Test
  void everyKameletThatCanLoseSomethingFollowsTheSettingForIt() throws IOException {
    List<String> defaults = new ArrayList<>();
    for (Path file : files(".kamelet.yaml")) {
      JsonNode strict =
          YAML.readTree(file.toFile()).at("/spec/definition/properties/strict/default");
      if (!strict.isMissingNode()) {
        defaults.add(strict.asText());
      }
    }
    assertThat(defaults).hasSizeGreaterThan(1).containsOnly("{{caravan.strict:false}}");
  }

  /** Another application has no application.properties of Caravan's. */
  @Test
  void aDefaultOfAKameletIsWhatTheSettingsSay() throws IOException {
    Properties settings = settings();
    List<String> defaults = new ArrayList<>();
    for (Path file : files(".kamelet.yaml")) {
      for (JsonNode property : YAML.readTree(file.toFile()).at("/spec/definition/properties")) {
        String value = property.path("default").asText();
        if (value.contains("{{")) {
          defaults.add(value);
        }
      }
    }
    assertThat(defaults)
        .hasSizeGreaterThan(10)
        .allSatisfy(
            value -> {
              Matcher setting = SETTING.matcher(value);
              assertThat(setting.matches()).as("has a key and a default").isTrue();
              // The address that is listened on is one of the names already.
              String expected =
                  settings.getProperty(setting.group(1)).replace(",{{caravan.host}}", "");
              assertThat(setting.group(2)).isEqualTo(expected);
            });
  }

  /** Tools show them: their icon, and where they stand in a catalogue. */
  @Test
  void kameletsCarryWhatThoseOfApachesCatalogueDo() throws Exception {
    for (Path file : files(".kamelet.yaml")) {
      JsonNode metadata = YAML.readTree(file.toFile()).path("metadata");
      assertThat(file.getFileName()).hasToString(metadata.path("name").asText() + ".kamelet.yaml");
      assertThat(metadata.at("/labels/camel.apache.org~1kamelet.type").asText())
          .isEqualTo("action");
      Map<String, String> annotations = new TreeMap<>();
      metadata
          .path("annotations")
          .properties()
          .forEach(each -> annotations.put(each.getKey(), each.getValue().asText()));
      String icon = annotations.remove("camel.apache.org/kamelet.icon");
      assertThat(annotations)
          .containsExactly(
              entry("camel.apache.org/catalog.version", Pom.text("/project/version")),
              entry("camel.apache.org/kamelet.group", "Caravan"),
              entry("camel.apache.org/kamelet.namespace", "AI"),
              entry("camel.apache.org/kamelet.support.level", "Stable"),
              entry("camel.apache.org/provider", "Caravan"));
      assertThat(icon).startsWith(SVG);
      byte[] svg = Base64.getDecoder().decode(icon.substring(SVG.length()));
      assertThat(
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(new ByteArrayInputStream(svg))
                  .getDocumentElement()
                  .getTagName())
          .isEqualTo("svg");
    }
  }

  /** {@code camel get} and {@code camel cmd route-structure} name what has an id. */
  @Test
  void everyRouteAndStepHasAnId() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path file : files(".camel.yaml")) {
      for (JsonNode entry : YAML.readTree(file.toFile())) {
        JsonNode route = entry.path("route");
        if (!route.isMissingNode()) {
          requireIds(file, route, faults);
          requireIds(file, route.path("from"), faults);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private static void requireIds(Path file, JsonNode named, List<String> faults) {
    if (!named.has("id")) {
      faults.add(file + ": " + named);
    }
    for (JsonNode step : named.path("steps")) {
      for (JsonNode eip : step) {
        requireIds(file, eip, faults);
      }
    }
  }

  /** A Kamelet asks for the library that has its stage: the one it is published with. */
  @Test
  void kameletsAskForTheLibraryOfThisVersion() throws IOException {
    String version = Pom.text("/project/version");
    for (Path file : files(".kamelet.yaml")) {
      assertThat(YAML.readTree(file.toFile()).at("/spec/dependencies").toString())
          .as("%s", file)
          .contains("\"mvn:io.caravan:caravan:" + version + "\"");
    }
    assertThat(Files.readString(Path.of("application.properties")))
        .contains("mvn:io.caravan:caravan:" + version + ",")
        .contains("camel.jbang.kameletsVersion = " + Pom.text("/project/properties/camel.version"));
  }

  /** The sources want what the library would have brought, and Redis' client to be compiled. */
  @Test
  void theSourcesAreGivenTheDependenciesOfTheLibrary() throws IOException {
    Properties settings = new Properties();
    try (var in = Files.newInputStream(Path.of("application-source.properties"))) {
      settings.load(in);
    }
    assertThat(settings.getProperty("camel.jbang.dependencies").split(","))
        .filteredOn(dependency -> dependency.startsWith("mvn:"))
        .containsExactlyInAnyOrderElementsOf(Pom.ownDependencies());
  }

  private static Properties settings() throws IOException {
    Properties settings = new Properties();
    try (var in = Files.newInputStream(Path.of("application.properties"))) {
      settings.load(in);
    }
    return settings;
  }

  private static List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("routes"))) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
