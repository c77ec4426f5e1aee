package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy that uses a name which has moved is refused with the new one. */
class MovedNamesTest {
  private static final MovedNames NAMES =
      new MovedNames(
          List.of(
              "# a comment",
              "",
              "class io.caravan.old.Stage = io.caravan.stage.Stage",
              "kamelet caravan-old-action = caravan-new-action",
              "bean oldBean = newBean",
              "route direct:old = direct:new",
              "step old-step = new-step",
              "property CaravanOld = CaravanNew",
              "property CaravanLost = gone; read CaravanNew"));

  @TempDir Path directory;

  private void check(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
    NAMES.check(directory, List.of(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: io.caravan.old.Stage",
        "ref: \"#class:io.caravan.old.Stage\"",
        "uri: kamelet:caravan-old-action",
        "uri: kamelet:caravan-old-action?strict=true",
        "name: caravan-old-action",
        "- name: oldBean",
        "process: {ref: oldBean}",
        "ref: 'oldBean'",
        "finish: \"#bean:oldBean\"",
        "- to: direct:old",
        "uri: \"direct:old?block=false\"",
        "id: old-step",
        "- to: {id: old-step, uri: direct:x}",
        "simple: \"${exchangeProperty.CaravanOld} != null\"",
        "simple: \"${exchangeProperty[CaravanOld].size} # 1\"",
        "simple: \"${exchangeProperty.CaravanLost}\""
      })
  void refusesAnOldName(String line) {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> check("a.camel.yaml", "- route:\n  " + line + "\n"))
        .withMessageStartingWith("a.camel.yaml: line 2: the ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: io.caravan.old.StageTwo",
        "type: my.io.caravan.old.Stage",
        "uri: kamelet:my-caravan-old-action",
        "uri: kamelet:caravan-old-action-2",
        "name: oldBeans",
        "ref: oldBean-2",
        "constant: oldBean",
        "uri: direct:old-2",
        "id: old-step-2",
        "uri: direct:old-step",
        "name: CaravanOlder",
        "# type: io.caravan.old.Stage",
        "id: x # once old-step, id: old-step"
      })
  void takesWhatOnlyLooksLikeOne(String line) {
    assertThatCode(() -> check("a.camel.yaml", line)).doesNotThrowAnyException();
  }

  @Test
  void looksAtSettingsToo() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                check(
                    "application.properties",
                    "# io.caravan.old.Stage\ncamel.beans.a = #class:io.caravan.old.Stage\n"))
        .withMessageStartingWith(
            "application.properties: line 2: the class io.caravan.old.Stage is now io.caravan.stage.Stage");
  }

  @Test
  void namesEachLineOfTheFirstFileAndTheOtherFiles() throws IOException {
    Files.writeString(directory.resolve("a"), "id: mine\n");
    Files.writeString(directory.resolve("b"), "id: old-step\nx\nid: old-step\nx: CaravanLost\n");
    Files.writeString(directory.resolve("c"), "id: old-step\n");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> NAMES.check(directory, List.of("a", "b", "c")))
        .withMessage(
            "b: lines 1, 3: the step old-step is now new-step; line 4: the property CaravanLost is"
                + " gone; read CaravanNew; old names stand in c too. The command diff shows how"
                + " copies differ from the bundled files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"class a.B -> c.D", "class a.B", "klass a.B = c.D", "class a.B = "})
  void namesALineOfTheListThatCannotBeRead(String line) {
    assertThatIllegalArgumentException().isThrownBy(() -> new MovedNames(List.of(line)));
  }

  /** The list itself: old names are in no file of ours, new ones are. */
  @Test
  void hasNothingOldAnywhereAndEachNewNameSomewhere() throws IOException {
    MovedNames bundled = MovedNames.bundled();
    List<String> files = ownFiles();
    assertThat(files).hasSizeGreaterThan(40);
    bundled.check(Path.of(""), files);

    String routes =
        files.stream()
            .filter(file -> file.startsWith("routes"))
            .map(MovedNamesTest::read)
            .collect(Collectors.joining());
    assertThat(bundled.names())
        .hasSizeGreaterThan(30)
        .allSatisfy(name -> assertThat(isThere(name, routes)).as(name.description()).isTrue());
  }

  private static boolean isThere(MovedNames.Name name, String routes) {
    if (name.kind() == MovedNames.Kind.CLASS) {
      return !isClass(name.old()) && (name.isGone() || isClass(name.now()));
    }
    return name.isGone() || routes.lines().anyMatch(name.kind().of(name.now()).asPredicate());
  }

  private static boolean isClass(String name) {
    return MovedNamesTest.class.getClassLoader().getResource(name.replace('.', '/') + ".class")
        != null;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> ownFiles() throws IOException {
    try (Stream<Path> routes = Files.walk(Path.of("routes"));
        Stream<Path> deploy = Files.walk(Path.of("deploy"));
        Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> examples = Files.walk(Path.of("examples"))) {
      Stream<Path> others = Stream.of(Path.of("README.md"), Path.of("application.properties"));
      return Stream.of(routes, deploy, docs, examples, others)
          .flatMap(all -> all)
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .toList();
    }
  }
}
