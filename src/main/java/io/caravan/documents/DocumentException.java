package io.caravan.documents;

/** Thrown if a document can't be read. The message goes on from "left out: ". */
public final class DocumentException extends Exception {
  DocumentException(String message) {
    super(message);
  }

  DocumentException(String message, Throwable cause) {
    super(message, cause);
  }
}
