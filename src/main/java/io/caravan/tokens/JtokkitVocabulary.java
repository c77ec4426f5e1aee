package io.caravan.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;

/** A vocabulary of jtokkit. */
final class JtokkitVocabulary implements Vocabulary {
  private final Encoding encoding;

  private JtokkitVocabulary(Encoding encoding) {
    this.encoding = encoding;
  }

  /**
   * Reads the vocabulary: about 200 ms of CPU and 17 MB of heap for cl100k_base. The lazy registry
   * reads no other, the default one all five.
   */
  static JtokkitVocabulary load(String name) {
    return Encodings.newLazyEncodingRegistry()
        .getEncoding(name)
        .map(JtokkitVocabulary::new)
        .orElseThrow(() -> new IllegalArgumentException("jtokkit has no encoding named " + name));
  }

  /**
   * {@code countTokens} would throw for a text that merely quotes a special token such as {@code
   * <|endoftext|>}; a user's text may quote anything.
   */
  @Override
  public int count(String text) {
    return encoding.countTokensOrdinary(text);
  }

  @Override
  public String name() {
    return encoding.getName();
  }

  @Override
  public boolean marksAreLetters() {
    return name().startsWith("o200k");
  }
}
