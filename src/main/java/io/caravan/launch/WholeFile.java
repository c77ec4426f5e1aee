package io.caravan.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes a file whole or not at all: beside it, then under its name. A link stays a link, and a
 * file keeps its mode; a new one can be read by its owner only.
 */
final class WholeFile {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private WholeFile() {}

  /** Writes a file. Its directory is made if there is none. */
  static void write(Path file, byte[] bytes) throws IOException {
    Path real = Files.exists(file) ? file.toRealPath() : target(file);
    Path directory = real.getParent();
    Places.make(directory);
    // The name begins with a dot, and the mode is private from the beginning.
    Path beside = Files.createTempFile(directory, "." + real.getFileName(), ".new");
    try {
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      if (Places.isPosix(beside)) {
        Files.setPosixFilePermissions(
            beside, Files.exists(real) ? Files.getPosixFilePermissions(real) : PRIVATE);
      }
      Files.move(beside, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** Returns the file that a link without a target would make. */
  private static Path target(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    return Files.isSymbolicLink(absolute)
        ? absolute.resolveSibling(Files.readSymbolicLink(absolute)).normalize()
        : absolute;
  }
}
