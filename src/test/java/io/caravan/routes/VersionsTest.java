package io.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import io.vertx.core.Vertx;
import io.vertx.core.impl.launcher.commands.VersionCommand;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.properties.PropertyFileAuthentication;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A version stands in pom.xml; every other file that names it says the same. */
class VersionsTest {
  private static final List<String> NAMING =
      List.of("README.md", "application", "deploy", "docs", "examples", "routes");

  /** As a dependency, as an export, as an image, and as the catalogue's of a Kamelet. */
  private static final Pattern OWN =
      Pattern.compile("\\b(?:caravan:|caravan-exported:|catalog\\.version: )(\\d+\\.\\d[\\w.-]*)");

  private static final Pattern LIBRARY = Pattern.compile("mvn:[\\w.-]+:[\\w.-]+:\\d[\\w.-]*");

  @Test
  void everyFileNamesThisVersion() throws IOException {
    Map<String, List<String>> versions = named(OWN, found -> found.group(1));

    assertThat(versions).hasSizeGreaterThan(20);
    assertThat(versions.entrySet())
        .as("set them by bench/version.sh")
        .allSatisfy(file -> assertThat(file.getValue()).containsOnly(Pom.text("/project/version")));
  }

  @Test
  void everyFileNamesTheLibrariesOfThePom() throws IOException {
    List<String> known = Pom.ownDependencies();
    List<String> libraries =
        named(LIBRARY, MatchResult::group).values().stream().flatMap(List::stream).toList();

    assertThat(libraries)
        .filteredOn(library -> known.stream().anyMatch(own -> sameArtifact(own, library)))
        .hasSizeGreaterThan(5)
        .isSubsetOf(known);
  }

  @Test
  void theCamelCliRunsTheRoutesOnTheCamelOfThePom() throws IOException {
    String camel = Pom.text("/project/properties/camel.version");

    assertThat(Path.of("bench/camel-cli/pom.xml"))
        .content()
        .contains("<camel.version>" + camel + "</camel.version>");
    assertThat(named(Pattern.compile("kameletsVersion = ([\\d.]+)"), found -> found.group(1)))
        .hasSize(3)
        .allSatisfy((file, versions) -> assertThat(versions).containsExactly(camel));
  }

  /** Vert.x and Netty are newer than Camel's own, and a part may have been left behind. */
  @Test
  void servesByTheVersionsOfThePom() {
    String vertx = Pom.text("/project/properties/vertx.version");

    assertThat(Version.identify().values())
        .extracting(Version::artifactVersion)
        .containsOnly(Pom.text("/project/properties/netty.version"));
    assertThat(VersionCommand.getVersion()).isEqualTo(vertx);
    assertThat(
            Stream.of(Vertx.class, Router.class, JWTAuth.class, PropertyFileAuthentication.class))
        .extracting(part -> part.getProtectionDomain().getCodeSource().getLocation().getPath())
        .allMatch(jar -> jar.endsWith("-" + vertx + ".jar"));
  }

  private static boolean sameArtifact(String one, String other) {
    return one.substring(0, one.lastIndexOf(':'))
        .equals(other.substring(0, other.lastIndexOf(':')));
  }

  /** Returns the matches in the files, by file; files without a match are left out. */
  private static Map<String, List<String>> named(
      Pattern pattern, Function<MatchResult, String> what) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      return files
          .filter(file -> NAMING.stream().anyMatch(file.toString()::startsWith))
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".png"))
          .collect(Collectors.toMap(Path::toString, file -> all(pattern.matcher(read(file)), what)))
          .entrySet()
          .stream()
          .filter(file -> !file.getValue().isEmpty())
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
  }

  private static List<String> all(Matcher matcher, Function<MatchResult, String> what) {
    return new ArrayList<>(matcher.results().map(what).toList());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }
}
