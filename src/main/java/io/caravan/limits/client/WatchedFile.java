package io.caravan.limits.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;

/**
 * A small file that is watched for changes: by time stamp, size and identity first, then by
 * content. Symbolic links are followed, as Kubernetes replaces a mounted secret by swapping one.
 * Not safe for use by several threads.
 */
final class WatchedFile {
  private static final int MAX_SIZE = 4 << 20;

  /**
   * The age below which a file is read whatever its stamp: a change within the resolution of the
   * file system's time stamps leaves the stamp as it was (git's documentation calls such entries
   * "racy").
   */
  private static final Duration YOUNG = Duration.ofSeconds(3);

  private final Path path;
  private final InstantSource clock;
  private Stamp stamp;
  private byte[] contentHash;

  private record Stamp(FileTime modified, long size, String identity) {}

  WatchedFile(Path path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
  }

  /** Returns the content if it has changed since the last call, else null. */
  byte[] changed() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    FileTime modified = attributes.lastModifiedTime();
    Stamp now = new Stamp(modified, attributes.size(), Objects.toString(attributes.fileKey()));
    boolean young = modified.toInstant().plus(YOUNG).isAfter(clock.instant());
    if (now.equals(stamp) && !young) {
      return null;
    }
    byte[] content = read();
    byte[] hash = sha256(content);
    stamp = now;
    if (Arrays.equals(hash, contentHash)) {
      return null;
    }
    contentHash = hash;
    return content;
  }

  private byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(MAX_SIZE + 1);
      if (content.length > MAX_SIZE) {
        throw new IOException("larger than " + MAX_SIZE + " bytes");
      }
      return content;
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
