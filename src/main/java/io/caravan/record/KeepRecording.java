package io.caravan.record;

import io.caravan.exchange.Contract;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Processor;

/**
 * Writes case files into a directory, each named by the request's id and readable by this user
 * alone, and deletes the oldest of them beyond the bounds of size and age. Other files there are
 * left alone. It is used by one thread at a time.
 */
public final class KeepRecording implements Processor {
  private static final Pattern OURS = Pattern.compile("req_[0-9A-Za-z]{24}\\.case");
  private static final Pattern OURS_UNFINISHED =
      Pattern.compile("req_[0-9A-Za-z]{24}\\.case\\.part");

  private Path directory = Path.of("recordings");
  private long maxBytes = 256L * 1024 * 1024;
  private Duration maxAge = Duration.ofDays(7);

  private record Kept(Path file, long size, Instant at) {}

  /** Sets the directory; it is made if there is none. */
  public void setDirectory(String directory) {
    this.directory = Path.of(directory);
  }

  /** Sets the most bytes of all recordings together. */
  public void setMaxBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Sets the longest time for which a recording is kept. */
  public void setMaxAge(Duration maxAge) {
    this.maxAge = maxAge;
  }

  @Override
  public synchronized void process(Exchange exchange) throws IOException, InvalidPayloadException {
    String name = exchange.getProperty(Contract.REQUEST_ID, String.class) + ".case";
    if (!OURS.matcher(name).matches()) {
      throw new IllegalArgumentException("not the id of a request: " + name);
    }
    write(name, exchange.getMessage().getMandatoryBody(byte[].class));
    prune();
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.createDirectories(directory, mode("rwx------"));
    Path part = directory.resolve(name + ".part");
    Files.deleteIfExists(part);
    // The mode is set before a byte is in the file.
    Files.createFile(part, mode("rw-------"));
    Files.write(part, bytes, StandardOpenOption.WRITE);
    Path file = directory.resolve(name);
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Returns the case file of a request; null if there is none.
   *
   * @param id the request's id
   */
  public byte[] read(String id) throws IOException {
    String name = id + ".case";
    if (!OURS.matcher(name).matches()) {
      return null;
    }
    try {
      return Files.readAllBytes(directory.resolve(name));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private FileAttribute<?>[] mode(String permissions) {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Deletes the recordings that are too old, and the oldest of those that are too many. */
  public synchronized void prune() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Kept> newestFirst = kept();
    newestFirst.sort(Comparator.comparing(Kept::at).reversed());
    Instant oldest = Instant.now().minus(maxAge);
    long bytes = 0;
    for (Kept each : newestFirst) {
      bytes += each.size();
      if (bytes > maxBytes || each.at().isBefore(oldest)) {
        Files.deleteIfExists(each.file());
      }
    }
  }

  private List<Kept> kept() throws IOException {
    List<Kept> kept = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (OURS_UNFINISHED.matcher(name).matches() && isOld(file)) {
          Files.deleteIfExists(file);
        } else if (OURS.matcher(name).matches() && Files.isRegularFile(file)) {
          kept.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        }
      }
    }
    return kept;
  }

  private static boolean isOld(Path file) throws IOException {
    return Files.getLastModifiedTime(file)
        .toInstant()
        .isBefore(Instant.now().minus(Duration.ofHours(1)));
  }
}
