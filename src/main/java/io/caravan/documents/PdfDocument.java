package io.caravan.documents;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;

/** A PDF, read with Apache PDFBox. */
final class PdfDocument {
  /** The part of the time after which no further page is begun. */
  private static final double SHARE = 0.8;

  private final byte[] bytes;
  private final DocumentLimits limits;
  private final long deadline;
  private final List<ReadDocument.Page> pages = new ArrayList<>();
  private int characters;
  private int scans;

  PdfDocument(byte[] bytes, DocumentLimits limits) {
    this.bytes = bytes;
    this.limits = limits;
    this.deadline = System.nanoTime() + (long) (limits.timeout().toNanos() * SHARE);
  }

  ReadDocument read() throws IOException, DocumentException {
    try (PDDocument document = Loader.loadPDF(bytes)) {
      int count = document.getNumberOfPages();
      if (count == 0) {
        throw new DocumentException("it has no pages");
      }
      String end = null;
      try {
        PdfText text = new PdfText(page -> add(document, page), this::check);
        text.setEndPage(Math.min(count, limits.pages()));
        text.writeText(document, Writer.nullWriter());
      } catch (EndException e) {
        end = e.getMessage();
      }
      if (end == null && count > limits.pages()) {
        end = "no more than " + limits.pages() + " pages of a document are read";
      }
      return new ReadDocument(count, pages, end);
    } catch (InvalidPasswordException e) {
      throw new DocumentException("it is protected by a password", e);
    }
  }

  /** Adds the text of the next page, and ends the reading where a limit is reached. */
  private void add(PDDocument document, String text) throws IOException {
    byte[] scan = null;
    if (text.isBlank() && scans < limits.scans()) {
      scan = PageImage.of(document, pages.size());
      scans += scan == null ? 0 : 1;
    }
    characters += text.length();
    pages.add(new ReadDocument.Page(text, scan));
    check(0);
  }

  /**
   * Ends the reading where a limit is reached.
   *
   * @param more the characters of the page that is being read
   */
  private void check(int more) throws EndException {
    if (characters + more > limits.characters()) {
      throw new EndException(
          "no more than " + limits.characters() + " characters of a document are read");
    }
    if (System.nanoTime() > deadline) {
      throw new EndException("reading them took too long");
    }
  }

  /** Ends the reading; the pages so far are kept. */
  static final class EndException extends IOException {
    EndException(String reason) {
      super(reason);
    }
  }
}
