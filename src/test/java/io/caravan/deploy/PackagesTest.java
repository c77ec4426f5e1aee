package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is handed out beside the jar: the catalog of JBang and the image. */
class PackagesTest {
  /** The members of an alias, by JBang's own class {@code dev.jbang.catalog.Alias}. */
  private static final Set<String> MEMBERS =
      Set.of("script-ref", "description", "arguments", "java", "java-options", "main");

  private static String ofPom(String element) throws IOException {
    Matcher value =
        Pattern.compile("<" + element + ">([^<]+)</" + element + ">")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(value.find()).isTrue();
    return value.group(1);
  }

  @Test
  void jbangRunsTheJarOfThisVersionsRelease() throws IOException {
    JsonNode alias =
        new ObjectMapper().readTree(new File("jbang-catalog.json")).at("/aliases/caravan");
    Set<String> members = new TreeSet<>();
    alias.fieldNames().forEachRemaining(members::add);
    String version = ofPom("version");

    assertThat(members).contains("script-ref", "java").isSubsetOf(MEMBERS);
    assertThat(alias.path("script-ref").asText())
        .isEqualTo(
            "%s/releases/download/v%s/caravan-%s.jar"
                .formatted(ofPom("caravan.repository"), version, version));
    assertThat(alias.path("java").asText()).isEqualTo(ofPom("maven.compiler.release") + "+");
    assertThat(alias.path("java-options")).allMatch(option -> option.asText().startsWith("-X"));
  }

  /** The stage that JAR names by default, and the one for a build of the sources. */
  @Test
  void theImagesJarIsThatOfAStage() throws IOException {
    String file = Files.readString(Path.of("deploy/Dockerfile"));
    Set<String> stages = new TreeSet<>();
    Pattern.compile("(?m)^FROM \\S+ AS ([\\w-]+)$")
        .matcher(file)
        .results()
        .forEach(stage -> stages.add(stage.group(1)));
    Matcher byDefault = Pattern.compile("(?m)^ARG JAR=([\\w-]+)$").matcher(file);

    assertThat(byDefault.find()).isTrue();
    assertThat(stages).contains(byDefault.group(1), "from-source");
    assertThat(file).contains("--build-arg JAR=from-source", "FROM ${JAR} AS jar");
  }

  /** The build reads nothing that the context of the image lacks. */
  @Test
  void theImagesContextHasWhatTheBuildReads() throws IOException {
    String context = Files.readString(Path.of("deploy/Dockerfile.dockerignore"));

    assertThat(context.lines())
        .contains("*", "!.mvn", "!mvnw", "!pom.xml", "!src", "!routes", "!application.properties")
        .filteredOn(line -> line.startsWith("!") && !line.startsWith("!target"))
        .allMatch(line -> Files.exists(Path.of(line.substring(1))));
  }
}
