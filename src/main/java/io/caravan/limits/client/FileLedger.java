package io.caravan.limits.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
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
 * <p>No request waits for a disk: a charge is written without forcing it, and the file is written
 * anew by a thread of its own, beside the charges.
 *
 * <p>A charge survives the death of the process at once, as the operating system has it. It is
 * forced to the disk once a second and when the file is closed: a power failure costs a second's
 * charges at most. An incomplete line is skipped when the file is read again.
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

  /** The charges since the file began to be written anew; null at other times. */
  private StringBuilder meanwhile;

  /**
   * Opens the ledger; creates the file if there is none.
   *
   * @throws UncheckedIOException if the file can't be read or written
   * @throws IllegalStateException if another process has it open
   */
  FileLedger(Path file) {
    this(file, syncer());
  }

  FileLedger(Path file, ScheduledExecutorService syncer) {
    this.syncer = syncer;
    this.file = file.toAbsolutePath();
    try {
      Files.createDirectories(this.file.getParent());
      lockFile = lock(sibling(".lock"));
      try {
        read();
        continueFile();
      } catch (IOException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The usage ledger "
              + this.file
              + " can't be used ("
              + e.getMessage()
              + "); set caravan.ledger.file to one that can be written",
          e);
    }
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
      String line = new LedgerLine(day, client, tokens).format();
      if (meanwhile != null) {
        meanwhile.append(line);
      }
      if (!behind) {
        append(line);
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
  }

  /**
   * Goes on in the file as it is. The first request of a client with a budget may be the one that
   * opens it, and others then wait for that: it is written anew and forced later, by the thread
   * that does so.
   */
  private void continueFile() throws IOException {
    out = new FileOutputStream(file.toFile(), true);
    size = Files.size(file);
    if (size > 0) {
      compactAt = 0;
      if (lastByte() != '\n') {
        append("\n");
      }
    }
  }

  private int lastByte() throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
      content.seek(size - 1);
      return content.read();
    }
  }

  /**
   * Writes the file anew, beside charges. Either the old file or the new one is there whenever the
   * process or the machine dies. Called by one thread at a time, without the lock.
   */
  private void compact() throws IOException {
    Path fresh = sibling(".new");
    // Not a FileChannel: the interrupt of a request's thread would close that.
    FileOutputStream replacement = new FileOutputStream(fresh.toFile());
    FileOutputStream old;
    try {
      byte[] content = begin();
      replacement.write(content);
      replacement.getFD().sync();
      old = replace(fresh, replacement, content.length);
    } catch (IOException e) {
      replacement.close();
      throw e;
    } finally {
      end();
    }
    if (old != null) {
      old.close();
    }
    forceDirectory();
  }

  private byte[] begin() {
    lock.lock();
    try {
      meanwhile = new StringBuilder();
      return content().getBytes(StandardCharsets.UTF_8);
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      meanwhile = null;
    } finally {
      lock.unlock();
    }
  }

  /** Puts the new file, with the charges since it was begun, into the place of the old one. */
  private FileOutputStream replace(Path fresh, FileOutputStream replacement, int length)
      throws IOException {
    lock.lock();
    try {
      byte[] more = meanwhile.toString().getBytes(StandardCharsets.UTF_8);
      replacement.write(more);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      FileOutputStream old = out;
      out = replacement;
      size = (long) length + more.length;
      // With very many clients the file is large from the start.
      compactAt = Math.max(COMPACT_AT, 2 * size);
      unforced = more.length > 0;
      behind = false;
      return old;
    } finally {
      lock.unlock();
    }
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

  /** Forces appended lines to the disk, writes a large file anew, catches up after a failure. */
  synchronized void sync() {
    try {
      FileOutputStream toForce = null;
      boolean late;
      boolean large;
      lock.lock();
      try {
        late = behind;
        large = size >= compactAt;
        if (!late && !large && unforced) {
          unforced = false;
          toForce = out;
        }
      } finally {
        lock.unlock();
      }
      // Without the lock: a disk may take its time.
      if (late || large) {
        compact();
      } else if (toForce != null) {
        toForce.getFD().sync();
      }
      if (late) {
        LOG.info("The usage ledger {} can be written again", file);
      }
    } catch (IOException e) {
      LOG.debug("The usage ledger {} can't be forced to the disk", file, e);
    } catch (RuntimeException | Error e) {
      // It would end the schedule.
      LOG.error("The usage ledger {} was not forced to the disk", file, e);
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
