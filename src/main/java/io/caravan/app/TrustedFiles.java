package io.caravan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks that only trusted users can have written a file that is about to be loaded: root, the user
 * who runs Caravan, and, if that is root, the owner of the directory in which it was started
 * (containers and build servers run as root in checkouts of others).
 *
 * <p>It checks the file, the target of a link, and the directories of both. A file that everyone
 * may write is refused; one that a group may write is refused if Caravan does not run with that
 * group. A read-only file system is trusted: Kubernetes mounts a ConfigMap as one, in a directory
 * that seems to be open to everyone.
 */
final class TrustedFiles {
  private static final int ROOT = 0;
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITE = 0020;
  private static final int STICKY = 01000;
  private static final Path SELF = Path.of("/proc/self/status");

  private final Set<Integer> users;

  /** The trusted groups; null if they are unknown, in which case each is trusted. */
  private final Set<Integer> groups;

  /** The directories that have been checked: a folder of routes has many files. */
  private final Set<Path> trustedDirectories = new HashSet<>();

  TrustedFiles(Set<Integer> users, Set<Integer> groups) {
    this.users = users;
    this.groups = groups;
  }

  /** Returns a check for the user who runs this process in a directory. */
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
   * Checks a file and its directory, and the target of a link and its directory.
   *
   * @throws IllegalStateException if another user may have written it; the message names the file
   *     and the reason
   * @throws IOException if it doesn't exist or can't be read
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
    // This comes last, since the lookup of a file system reads the system's list of all of them.
    if (writers != null && !Files.getFileStore(part).isReadOnly()) {
      throw refused(file, part, "can be written by " + writers);
    }
  }

  /** Returns who else may write a file, and how to change that; null if nobody may. */
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

  private static IllegalStateException refused(Path file, Path part, String reason) {
    return new IllegalStateException(
        file + " is not loaded: " + (part.equals(file) ? "it" : part) + " " + reason);
  }
}
