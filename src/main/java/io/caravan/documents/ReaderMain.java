package io.caravan.documents;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process that reads documents: one after another from its standard input, until that ends. Its
 * heap is bounded, and it ends where that is exhausted.
 */
final class ReaderMain {
  private ReaderMain() {}

  public static void main(String[] args) throws IOException {
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 64 * 1024));
    // No library may write between the replies.
    System.setOut(new PrintStream(System.err, true));
    beFirstToGo();
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 64 * 1024));
    while (true) {
      Wire.Job job;
      try {
        job = Wire.job(in);
      } catch (EOFException e) {
        return;
      }
      reply(job, out);
    }
  }

  private static void reply(Wire.Job job, DataOutputStream out) throws IOException {
    ReadDocument read;
    try {
      read = read(job);
    } catch (DocumentException e) {
      Wire.writeFailure(out, e.getMessage());
      return;
    } catch (StackOverflowError e) {
      Wire.writeFailure(out, "it is nested too deeply");
      return;
    } catch (IOException | RuntimeException e) {
      Wire.writeFailure(out, "it is malformed");
      return;
    } catch (LinkageError e) {
      Wire.writeFailure(out, "the library that reads it is missing");
      return;
    }
    Wire.write(out, read);
  }

  private static ReadDocument read(Wire.Job job) throws IOException, DocumentException {
    return switch (job.mediaType()) {
      case "application/pdf" -> new PdfDocument(job.bytes(), job.limits()).read();
      case "text/html", "application/xhtml+xml" -> HtmlDocument.read(job.bytes(), job.limits());
      default -> TextDocument.read(job.bytes(), job.limits());
    };
  }

  /**
   * Lets Linux end this process, and not the gateway, if the memory of a container is exhausted.
   */
  private static void beFirstToGo() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException | RuntimeException e) {
      // Other systems have no such file.
      return;
    }
  }
}
