package io.caravan.translate.request;

import io.caravan.provider.ToolIdForm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Makes and reads tool call ids. Upstreams number their calls anew in each completion ({@code
 * call_0}), and Claude Code drops a call whose id it has seen before, so every call gets an id from
 * Caravan. It contains the upstream's id, which any replica can read:
 *
 * <pre>toolu_cv RANDOM(14) [_ UPSTREAM]</pre>
 *
 * Characters in the upstream's id other than letters, digits and {@code _} are written as {@code -}
 * and two hexadecimal digits for each byte.
 */
public final class ToolIds {
  private static final String PREFIX = "toolu_cv";
  private static final int RANDOM_LENGTH = 14;
  private static final int HEAD = PREFIX.length() + RANDOM_LENGTH;

  /**
   * The longest id that is kept. A longer one is replaced by its hash, since an id travels with
   * every later request.
   */
  private static final int LONGEST = 200;

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private ToolIds() {}

  /**
   * Returns what issues the ids of one message's tool calls: it takes the upstream's id of a call,
   * or null or empty if it gave none, and returns a new one that no other call has. They depend on
   * the message's own id, which is random, so that a recorded exchange has the same ones when it is
   * replayed.
   *
   * @param messageId the message's id; if it is empty the ids are random
   */
  public static UnaryOperator<String> of(String messageId) {
    if (messageId.isEmpty()) {
      return ToolIds::issue;
    }
    AtomicInteger calls = new AtomicInteger();
    return upstreamId ->
        issue(hash(messageId + " " + calls.getAndIncrement(), RANDOM_LENGTH), upstreamId);
  }

  /** Returns a new id for a call of no message in particular. */
  static String issue(String upstreamId) {
    StringBuilder letters = new StringBuilder(RANDOM_LENGTH);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return issue(letters.toString(), upstreamId);
  }

  private static String issue(String letters, String upstreamId) {
    StringBuilder id = new StringBuilder(HEAD + 40).append(PREFIX).append(letters);
    if (upstreamId != null && !upstreamId.isEmpty()) {
      id.append('_');
      escape(upstreamId.length() > LONGEST ? "call_" + hash(upstreamId, 24) : upstreamId, id);
    }
    return id.toString();
  }

  /** Returns whether Caravan issued an id. */
  static boolean isOurs(String id) {
    return id.startsWith(PREFIX)
        && (id.length() == HEAD || (id.length() > HEAD + 1 && id.charAt(HEAD) == '_'));
  }

  /**
   * Returns the upstream's id of a call, in the form that the upstream accepts. It is the id within
   * Caravan's. For an id without one, or one of another server, it is derived from that id alone.
   */
  static String upstream(String id, ToolIdForm form) {
    String carried = isOurs(id) && id.length() > HEAD ? unescape(id) : null;
    if (form == ToolIdForm.NINE_ALNUM) {
      return carried != null && isNineAlnum(carried) ? carried : hash(id, 9);
    }
    if (carried != null) {
      return carried;
    }
    return isOurs(id) ? "call_" + id.substring(PREFIX.length()) : id;
  }

  /** Returns letters and digits that depend on a text alone. */
  static String hash(String text, int length) {
    byte[] digest;
    try {
      digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    StringBuilder letters = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      letters.append(ALPHABET.charAt((digest[i] & 0xff) % ALPHABET.length()));
    }
    return letters.toString();
  }

  private static boolean isNineAlnum(String id) {
    return id.length() == 9 && id.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  private static void escape(String text, StringBuilder out) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c == '_' || ALPHABET.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('-').append(hex(c >> 4)).append(hex(c & 15));
      }
    }
  }

  private static char hex(int digit) {
    return Character.forDigit(digit, 16);
  }

  /** Returns the upstream's id within Caravan's; null if it was changed on the way. */
  private static String unescape(String id) {
    byte[] bytes = new byte[id.length()];
    int length = 0;
    for (int i = HEAD + 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c != '-') {
        bytes[length++] = (byte) c;
        continue;
      }
      int high = i + 2 < id.length() ? Character.digit(id.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(id.charAt(i + 2), 16);
      if (low < 0) {
        return null;
      }
      bytes[length++] = (byte) ((high << 4) | low);
      i += 2;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
