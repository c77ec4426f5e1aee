package io.caravan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Says whether a file that is about to be loaded can have been written by those only who may decide
 * what Caravan does: root, the user who runs it, and, where that is root, the owner of the
 * directory it was started in (containers and build servers run as root in checkouts of others).
 *
 * <p>Looked at are the file, what a link leads to, and the directories of both. What everyone may
 * write is refused; what a group may write only where Caravan does not run with that group. Nobody
 * writes to a read-only file system, as which Kubernetes mounts a ConfigMap, in a directory that
 * seems to be open to everyone.
 */
final class TrustedFiles {
  private static final int ROOT = 0;
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITE = 0020;
  private static final int STICKY = 01000;
  private static final Path SELF = Path.of("/proc/self/status");

  private final Set<Integer> users;

  /** Null where it isn't known which they are: then each is trusted. */
  private final Set<Integer> groups;

  /** Directories that have been looked at: a folder of routes holds many files. */
  private final Set<Path> trustedDirectories = new HashSet<>();

  TrustedFiles(Set<Integer> users, Set<Integer> groups) {
    this.users = users;
    this.groups = groups;
  }

  /** For the user who runs this process in a directory. */
  static TrustedFiles of(Path workingDirectory) throws IOException {
    if (!isUnix(workingDirectory)) {
      return new TrustedFiles(Set.of(), null);
    }
    boolean linux = Files.isReadable(SELF);
    int user = owner(linux ? SELF : Path.of(System.getProperty("user.home")));
    int directory = owner(workingDirectory.toAbsolutePath());
    Set<Integer> users = new HashSet<>(Set.of(ROOT));
    users.add(user == ROOT ? directory : user);
    return new TrustedFiles(users, linux ? groups(SELF) : null);
  }

  private static boolean isUnix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private static int owner(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid");
  }

  private static Set<Integer> groups(Path status) throws IOException {
    Set<Integer> groups = new HashSet<>(Set.of(ROOT));
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("Gid:") || line.startsWith("Groups:")) {
        for (String group : line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1)) {
          if (!group.isEmpty()) {
            groups.add(Integer.valueOf(group));
          }
        }
      }
    }
    return groups;
  }

  /**
   * Looks at a file and its directory, and at those that it is a link to.
   *
   * @throws IllegalStateException if someone else may have written it; the message names what and
   *     why
   * @throws IOException if it isn't there or can't be looked at
   */
  void check(Path file) throws IOException {
    if (!isUnix(file)) {
      return;
    }
    Path path = file.toAbsolutePath();
    checkWithDirectory(path, path);
    Path real = path.toRealPath();
    if (!real.equals(path)) {
      checkWithDirectory(path, real);
    }
  }

  private void checkWithDirectory(Path file, Path part) throws IOException {
    checkOne(file, part);
    Path directory = part.getParent();
    if (!trustedDirectories.contains(directory)) {
      checkOne(file, directory);
      trustedDirectories.add(directory);
    }
  }

  private void checkOne(Path file, Path part) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(part, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    int user = (Integer) facts.get("uid");
    if (!users.contains(user)) {
      throw refused(
          file,
          part,
          "belongs to "
              + Files.getOwner(part, LinkOption.NOFOLLOW_LINKS)
              + ", who neither runs Caravan nor owns the directory it was started in");
    }
    String writers = Files.isSymbolicLink(part) ? null : otherWriters(part, facts);
    // Asked last: to find the file system the system's list of all of them is read.
    if (writers != null && !Files.getFileStore(part).isReadOnly()) {
      throw refused(file, part, "can be written by " + writers);
    }
  }

  /** Who else may write it, and how to end that; null where nobody may. */
  private String otherWriters(Path part, Map<String, Object> facts) {
    int mode = (Integer) facts.get("mode");
    // In a sticky directory, like /tmp, nobody can replace the file of another.
    if (Files.isDirectory(part) && (mode & STICKY) != 0) {
      return null;
    }
    if ((mode & OTHERS_WRITE) != 0) {
      return "everyone (chmod o-w it, or remove it)";
    }
    boolean ours = groups == null || groups.contains((Integer) facts.get("gid"));
    return (mode & GROUP_WRITE) != 0 && !ours
        ? "a group that Caravan does not run with (chmod g-w it)"
        : null;
  }

  private static IllegalStateException refused(Path file, Path part, String why) {
    return new IllegalStateException(
        file + " is not loaded: " + (part.equals(file) ? "it" : part) + " " + why);
  }
}
