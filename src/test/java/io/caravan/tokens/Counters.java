package io.caravan.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/** The reference for counts, read once, and counters that add nothing to the texts. */
final class Counters {
  static final Encoding CL100K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
  static final Vocabulary VOCABULARY = JtokkitVocabulary.load("cl100k_base");

  private Counters() {}

  /** Returns jtokkit's own count. */
  static int reference(String text) {
    return CL100K.countTokensOrdinary(text);
  }

  /** Returns a counter without framing, whose count is that of the texts alone. */
  static JtokkitTokenCounter bare() {
    JtokkitTokenCounter counter = new JtokkitTokenCounter();
    strip(counter.getFraming());
    return counter;
  }

  static void strip(Framing framing) {
    framing.setRequest(0);
    framing.setMessage(0);
    framing.setTools(0);
    framing.setTool(0);
    framing.setBuiltInTool(0);
    framing.setToolCall(0);
    framing.setToolResult(0);
  }
}
