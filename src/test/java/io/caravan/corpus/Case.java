package io.caravan.corpus;

import java.nio.file.Path;

/** A file of the corpus, as far as a test reads it. */
public interface Case {
  Path file();

  /** Returns {@code GROUP/NAME}, by which a case is chosen. */
  default String id() {
    return CorpusFiles.id(file());
  }
}
