package io.caravan.documents;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The form in which the two processes speak. The gateway trusts nothing that a reader says: each
 * length has a bound.
 */
final class Wire {
  private static final int MOST_PAGES = 100_000;
  private static final int MOST_BYTES = 64 * 1024 * 1024;
  private static final int LONGEST_WORDS = 1_000;

  /** The bytes of all pages of one document together. */
  private static final long MOST_IN_ALL = 64L * 1024 * 1024;

  private Wire() {}

  /** A document to be read. */
  @SuppressWarnings("ArrayRecordComponent")
  record Job(String mediaType, byte[] bytes, DocumentLimits limits) {}

  static void write(DataOutputStream out, Job job) throws IOException {
    out.writeUTF(job.mediaType());
    out.writeInt(job.limits().pages());
    out.writeInt(job.limits().characters());
    out.writeInt(job.limits().scans());
    out.writeLong(job.limits().timeout().toMillis());
    writeBytes(out, job.bytes());
    out.flush();
  }

  static Job job(DataInputStream in) throws IOException {
    String mediaType = in.readUTF();
    DocumentLimits limits =
        new DocumentLimits(
            in.readInt(), in.readInt(), in.readInt(), Duration.ofMillis(in.readLong()));
    return new Job(mediaType, bytes(in), limits);
  }

  static void write(DataOutputStream out, ReadDocument document) throws IOException {
    out.writeBoolean(true);
    out.writeInt(document.pageCount());
    writeText(out, document.end() == null ? "" : document.end());
    out.writeInt(document.pages().size());
    for (ReadDocument.Page page : document.pages()) {
      writeText(out, page.text());
      writeBytes(out, page.scan() == null ? new byte[0] : page.scan());
    }
    out.flush();
  }

  static void writeFailure(DataOutputStream out, String words) throws IOException {
    out.writeBoolean(false);
    writeText(out, words.substring(0, Math.min(LONGEST_WORDS, words.length())));
    out.flush();
  }

  /**
   * Reads the reply.
   *
   * @throws DocumentException if it is a failure
   */
  static ReadDocument reply(DataInputStream in) throws IOException, DocumentException {
    if (!in.readBoolean()) {
      throw new DocumentException(text(in));
    }
    int pageCount = in.readInt();
    String end = text(in);
    int count = checked(in.readInt(), MOST_PAGES);
    List<ReadDocument.Page> pages = new ArrayList<>();
    long size = 0;
    for (int i = 0; i < count; i++) {
      String text = text(in);
      byte[] scan = bytes(in);
      size += text.length() + scan.length;
      if (size > MOST_IN_ALL) {
        throw new IOException("The reply is too long");
      }
      pages.add(new ReadDocument.Page(text, scan.length == 0 ? null : scan));
    }
    return new ReadDocument(pageCount, pages, end.isEmpty() ? null : end);
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = checked(in.readInt(), MOST_BYTES);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("The other side has ended");
    }
    return bytes;
  }

  private static int checked(int length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw new IOException("The length " + length + " is out of bounds");
    }
    return length;
  }
}
