package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only files of trusted users are loaded. */
class TrustedFilesTest {
  private static final int MALLORY = 4711;
  private static final int ANN = 4712;

  @TempDir Path directory;

  private Path routes;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    directory = directory.toRealPath();
    routes = Files.createDirectory(directory.resolve("routes"));
    file = Files.writeString(routes.resolve("a.camel.yaml"), "- route: {}");
    allow(routes, "rwxr-xr-x");
    allow(file, "rw-r--r--");
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private TrustedFiles trusted() throws IOException {
    return TrustedFiles.of(directory);
  }

  private void loads() {
    assertThatCode(() -> trusted().check(file)).doesNotThrowAnyException();
  }

  private void refuses(String... words) {
    assertThatThrownBy(() -> trusted().check(file))
        .isInstanceOf(IllegalStateException.class)
        .message()
        .contains("a.camel.yaml is not loaded")
        .contains(words);
  }

  @Test
  void loadsWhatOnlyTheUserMayWrite() {
    loads();
  }

  @Test
  void refusesAFileThatEveryoneMayWrite() throws Exception {
    allow(file, "rw-rw-rw-");

    refuses("it can be written by everyone");
  }

  @Test
  void refusesADirectoryThatEveryoneMayWrite() throws Exception {
    allow(routes, "rwxrwxrwx");

    refuses("routes can be written by everyone");
  }

  @Test
  void loadsFromAStickyDirectoryAsLongAsTheFileIsOnesOwn() throws Exception {
    allow(routes, "rwxrwxrwx");
    Files.setAttribute(routes, "unix:mode", 01777);

    loads();
  }

  @Test
  void looksAtWhatALinkLeadsTo() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path real = Files.writeString(elsewhere.resolve("real.yaml"), "- route: {}");
    Files.delete(file);
    Files.createSymbolicLink(file, real);
    allow(elsewhere, "rwxr-xr-x");
    loads();

    allow(real, "rw-rw-rw-");
    refuses("real.yaml can be written by everyone");

    allow(real, "rw-r--r--");
    allow(elsewhere, "rwxrwxrwx");
    refuses("elsewhere can be written by everyone");
  }

  @Test
  void loadsWhatItsOwnGroupMayWriteAndNoOther() throws Exception {
    allow(file, "rw-rw-r--");
    int group = (Integer) Files.getAttribute(file, "unix:gid");
    int user = (Integer) Files.getAttribute(file, "unix:uid");

    assertThatCode(() -> new TrustedFiles(Set.of(user), Set.of(group)).check(file))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new TrustedFiles(Set.of(user), Set.of(group + 1)).check(file))
        .hasMessageContaining("a group that Caravan does not run with");
  }

  @Test
  void refusesWhatBelongsToNeitherTheUserNorRoot() throws Exception {
    int owner = (Integer) Files.getAttribute(file, "unix:uid");

    assertThatThrownBy(() -> new TrustedFiles(Set.of(owner + 1), null).check(file))
        .hasMessageContaining("who neither runs Caravan nor owns the directory");
  }

  /** A checkout mounted into a container: all of it belongs to somebody who is not root. */
  @Test
  void asRootLoadsWhatTheOwnerOfTheWorkingDirectoryHasWritten() throws Exception {
    giveTo(ANN, directory, routes, file);

    loads();
  }

  @Test
  void asRootRefusesWhatAnyoneElseHasWritten() throws Exception {
    giveTo(ANN, directory, routes);
    giveTo(MALLORY, file);

    refuses("it belongs to");

    giveTo(ANN, file);
    giveTo(MALLORY, routes);
    refuses("routes belongs to");
  }

  private static void giveTo(int user, Path... paths) throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give files away");
    for (Path path : paths) {
      Files.setAttribute(path, "unix:uid", user);
    }
  }
}
