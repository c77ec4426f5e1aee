package io.caravan.limits.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage ledger in a file. Each charge appends a line. When the file has grown, it is written
 * anew, one line for each day and client, and replaces the old one in one move.
 *
 * <p>A charge survives the death of the process at once, as the operating system has it. It is
 * forced to the disk once a second and when the file is closed: a power failure costs a second's
 * charges at most, and no request waits for a disk. An incomplete line is skipped when the file is
 * read again.
 *
 * <p>One process writes; a second one is refused.
 */
final class FileLedger implements UsageLedger {
  private static final Logger LOG = LoggerFactory.getLogger(FileLedger.class);
  static final long COMPACT_AT = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final DailyUsage usage = new DailyUsage();
  private final Path file;
  private final FileChannel lockFile;
  private final ScheduledExecutorService syncer;
  private FileOutputStream out;
  private long size;
  private long compactAt = COMPACT_AT;
  private boolean unforced;

  /** True if charges could not be written; the file is then written anew as soon as possible. */
  private boolean behind;

  /**
   * Opens the ledger; creates the file if there is none.
   *
   * @throws UncheckedIOException if the file can't be read or written
   * @throws IllegalStateException if another process has it open
   */
  FileLedger(Path file) {
    this.file = file.toAbsolutePath();
    try {
      Files.createDirectories(this.file.getParent());
      lockFile = lock(sibling(".lock"));
      try {
        read();
        compact();
      } catch (IOException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The usage ledger " + file + " can't be used", e);
    }
    syncer = syncer();
    ScheduledFuture<?> unused = syncer.scheduleWithFixedDelay(this::sync, 1, 1, TimeUnit.SECONDS);
  }

  private static ScheduledExecutorService syncer() {
    return new ScheduledThreadPoolExecutor(
        1,
        task -> {
          Thread thread = new Thread(task, "caravan-usage-ledger");
          thread.setDaemon(true);
          return thread;
        });
  }

  private Path sibling(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Locks a file of its own, since the ledger's file is replaced when it is written anew. */
  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock got;
    try {
      got = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      got = null;
    }
    if (got == null) {
      channel.close();
      throw new IllegalStateException("Another process has the usage ledger open: " + path);
    }
    return channel;
  }

  private void read() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    int damaged = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (String text = line(in); text != null; text = line(in)) {
        LedgerLine line = LedgerLine.parse(text);
        if (line == null) {
          damaged++;
        } else {
          usage.add(line.day(), line.client(), line.tokens());
        }
      }
    }
    if (damaged > 0) {
      LOG.warn("{} damaged lines of the usage ledger {} were skipped", damaged, file);
    }
  }

  /** Returns the next line, cut off where it is too long for any valid one; null at the end. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() <= LedgerLine.MAX_LENGTH) {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public long used(String client, LocalDate day) {
    lock.lock();
    try {
      return usage.get(day, client);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void add(String client, LocalDate day, long tokens) {
    lock.lock();
    try {
      usage.add(day, client, tokens);
      if (!behind) {
        append(new LedgerLine(day, client, tokens).format());
      }
    } catch (IOException e) {
      behind = true;
      LOG.warn(
          "The usage ledger {} can't be written ({}); usage is kept in memory", file, e.toString());
    } finally {
      lock.unlock();
    }
  }

  private void append(String line) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    size += bytes.length;
    unforced = true;
    if (size >= compactAt) {
      compact();
    }
  }

  /**
   * Writes the file anew. Either the old file or the new one is there whenever the process or the
   * machine dies.
   */
  private void compact() throws IOException {
    Path fresh = sibling(".new");
    byte[] content = content().getBytes(StandardCharsets.UTF_8);
    // Not a FileChannel: the interrupt of a request's thread would close that.
    FileOutputStream replacement = new FileOutputStream(fresh.toFile());
    try {
      replacement.write(content);
      replacement.getFD().sync();
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      replacement.close();
      throw e;
    }
    FileOutputStream old = out;
    out = replacement;
    size = content.length;
    // With very many clients the file is large from the start.
    compactAt = Math.max(COMPACT_AT, 2 * size);
    unforced = false;
    behind = false;
    if (old != null) {
      old.close();
    }
    forceDirectory();
  }

  private String content() {
    StringBuilder content = new StringBuilder();
    usage.forEach(
        (day, clients) ->
            clients.forEach(
                (client, tokens) -> content.append(new LedgerLine(day, client, tokens).format())));
    return content.toString();
  }

  /** Forces the move to the disk; Windows does not open a directory for that. */
  private void forceDirectory() {
    try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      LOG.debug("The directory of the usage ledger can't be forced to the disk", e);
    }
  }

  /** Forces appended lines to the disk, and catches up after a failure. */
  void sync() {
    try {
      FileOutputStream toForce = null;
      lock.lock();
      try {
        if (behind) {
          compact();
          LOG.info("The usage ledger {} can be written again", file);
        } else if (unforced) {
          unforced = false;
          toForce = out;
        }
      } finally {
        lock.unlock();
      }
      if (toForce != null) {
        // Without the lock: a disk may take its time.
        toForce.getFD().sync();
      }
    } catch (IOException e) {
      LOG.debug("The usage ledger {} can't be forced to the disk", file, e);
    }
  }

  /** Makes the next charge fail, for tests. */
  void closeOutput() throws IOException {
    out.close();
  }

  @Override
  public void close() {
    syncer.shutdownNow();
    sync();
    lock.lock();
    try {
      out.close();
      lockFile.close();
    } catch (IOException e) {
      LOG.warn("The usage ledger {} was not closed well: {}", file, e.toString());
    } finally {
      lock.unlock();
    }
  }
}
