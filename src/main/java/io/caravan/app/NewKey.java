package io.caravan.app;

import io.caravan.limits.client.ClientKeys;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * Makes a client key: {@code key new NAME [rpm=60 monthly-usd=25 …]}. The line for the key file
 * goes to the standard output, and the key itself, of which the file has only the hash, beside it:
 * {@code java -jar caravan.jar key new ann >> keys}.
 */
public final class NewKey {
  private static final int BYTES = 24;

  private NewKey() {}

  /** Makes a key by the words behind the command; returns the exit code. */
  public static int make(List<String> words, PrintStream out, PrintStream err) {
    if (words.size() < 2 || !words.get(0).equals("new") || words.get(1).contains("=")) {
      err.println("Usage: java -jar caravan.jar key new NAME [rpm=60] [monthly-usd=25] … >> FILE");
      return 2;
    }
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String key = "caravan-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    try {
      out.println(ClientKeys.line(key, words.get(1), words.subList(2, words.size())));
    } catch (IllegalArgumentException e) {
      err.println("Caravan makes no such key: " + e.getMessage());
      return 2;
    }
    err.println("The key, which is shown only now: " + key);
    return 0;
  }
}
