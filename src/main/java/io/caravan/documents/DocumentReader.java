package io.caravan.documents;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads documents in another process. It starts with the first document, reads one after another,
 * and ends when it has had none for a while. It has none of this process's environment, and thus no
 * keys. No document can use more than its heap and its time.
 */
public final class DocumentReader implements AutoCloseable {
  /** The exit status of a JVM that is started with {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  private static final Duration IDLE = Duration.ofMinutes(1);

  /** One class of each library that the process needs, wherever it was loaded from. */
  private static final List<String> LIBRARIES =
      List.of(
          "org.apache.pdfbox.pdmodel.PDDocument",
          "org.apache.pdfbox.io.RandomAccessRead",
          "org.apache.fontbox.ttf.TrueTypeFont",
          "org.apache.commons.logging.Log",
          "org.jsoup.Jsoup",
          "com.vladsch.flexmark.html2md.converter.FlexmarkHtmlConverter",
          "com.vladsch.flexmark.util.data.MutableDataSetter",
          "com.vladsch.flexmark.util.sequence.LineAppendable",
          "com.vladsch.flexmark.util.format.NodeContext",
          "com.vladsch.flexmark.util.misc.BitFieldSet",
          "com.vladsch.flexmark.util.ast.Node",
          "com.vladsch.flexmark.util.html.CellAlignment",
          "com.vladsch.flexmark.util.builder.BuilderBase",
          "com.vladsch.flexmark.util.dependency.Dependent",
          "com.vladsch.flexmark.util.collection.iteration.Indexed");

  private final ReentrantLock lock = new ReentrantLock();
  private int heapMegabytes = 128;
  private Duration idle = IDLE;
  private Process process;
  private DataOutputStream out;
  private DataInputStream in;
  private long jobs;
  private volatile boolean late;

  /** Sets the heap of the process in megabytes; 128 by default. */
  public void setHeapMegabytes(int heapMegabytes) {
    this.heapMegabytes = heapMegabytes;
  }

  void setIdle(Duration idle) {
    this.idle = idle;
  }

  /**
   * Reads a document. One is read at a time; the others wait, for as long as reading may take.
   *
   * @param mediaType {@code application/pdf}, {@code text/html}, or any type of text
   * @throws DocumentException if it can't be read, with the reason
   */
  public ReadDocument read(byte[] bytes, String mediaType, DocumentLimits limits)
      throws DocumentException {
    try {
      if (!lock.tryLock(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DocumentException("other documents are being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DocumentException("the gateway is shutting down", e);
    }
    try {
      return readNow(new Wire.Job(mediaType, bytes, limits));
    } finally {
      jobs++;
      endWhenIdle(jobs);
      lock.unlock();
    }
  }

  private ReadDocument readNow(Wire.Job job) throws DocumentException {
    start();
    late = false;
    Process current = process;
    CompletableFuture<Void> watch =
        CompletableFuture.runAsync(
            () -> {
              late = true;
              current.destroyForcibly();
            },
            after(job.limits().timeout()));
    try {
      Wire.write(out, job);
      return Wire.reply(in);
    } catch (IOException e) {
      throw new DocumentException(ended(), e);
    } finally {
      watch.cancel(false);
    }
  }

  /** Returns the reason for which the process has ended in the middle of a document. */
  private String ended() {
    Process current = process;
    try {
      // A process that is killed while it ends by itself has the status of a killed one.
      boolean exited = current.waitFor(5, TimeUnit.SECONDS);
      if (exited && !late && current.exitValue() == OUT_OF_MEMORY) {
        return "it needs more memory than a document may have";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
    return late ? "reading it took too long" : "its reader has failed";
  }

  private void start() throws DocumentException {
    if (process != null && process.isAlive()) {
      return;
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heapMegabytes + "m",
            "-Xss1m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:MaxDirectMemorySize=16m",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            "-Dpdfbox.fontcache=" + System.getProperty("java.io.tmpdir"),
            "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog",
            "-cp",
            classPath(),
            ReaderMain.class.getName());
    builder.environment().clear();
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new DocumentException("its reader can't be started", e);
    }
    out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 64 * 1024));
    in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 64 * 1024));
  }

  /**
   * Returns the class path of the process: this JVM's own, or the parts that another loader has.
   */
  private static String classPath() {
    Set<String> parts = new LinkedHashSet<>();
    String own = location(ReaderMain.class);
    String jvm = System.getProperty("java.class.path", "");
    boolean isOfJvm =
        Arrays.stream(jvm.split(File.pathSeparator, -1))
            .anyMatch(each -> Path.of(each).toAbsolutePath().toString().equals(own));
    if (isOfJvm) {
      return jvm;
    }
    if (own != null) {
      parts.add(own);
    }
    LIBRARIES.forEach(
        library -> {
          String location = location(library);
          if (location != null) {
            parts.add(location);
          }
        });
    return String.join(File.pathSeparator, parts);
  }

  /** Returns where a class would be loaded from, or null: the process says what is missing. */
  private static String location(String library) {
    try {
      return location(Class.forName(library, false, ReaderMain.class.getClassLoader()));
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private static String location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException | RuntimeException e) {
      return null;
    }
  }

  private void endWhenIdle(long after) {
    after(idle)
        .execute(
            () -> {
              if (lock.tryLock()) {
                try {
                  if (jobs == after) {
                    end();
                  }
                } finally {
                  lock.unlock();
                }
              }
            });
  }

  private static Executor after(Duration time) {
    return CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns whether the process is running. */
  boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  private void end() {
    if (process != null) {
      process.destroyForcibly();
      process = null;
    }
  }

  @Override
  public void close() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
    }
  }
}
