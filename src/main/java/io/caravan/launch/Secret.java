package io.caravan.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A random secret in a file that only its user can read. The command and the gateway prove to each
 * other that they run as the same user, and neither ever sends it.
 */
final class Secret {
  private static final String FILE = "secret";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] key;

  private Secret(byte[] key) {
    this.key = key;
  }

  /** Returns the secret; null if there is none, or others can read or write its file. */
  static Secret existing(Path state) throws IOException {
    Path file = state.resolve(FILE);
    if (!Files.isRegularFile(file) || !isPrivate(file)) {
      return null;
    }
    byte[] key = Files.readAllBytes(file);
    return key.length < BYTES ? null : new Secret(key);
  }

  /**
   * Returns the secret, which is made if there is none.
   *
   * @throws IOException if it can't be made, or others can read its file
   */
  static Secret made(Path state) throws IOException {
    Path file = state.resolve(FILE);
    if (!Files.exists(file)) {
      Places.make(state);
      create(file);
    }
    Secret secret = existing(state);
    if (secret == null) {
      throw new IOException(file + " is no file that only you can read: remove it");
    }
    return secret;
  }

  /** The file gets its name when it is whole, since another command may read it. */
  private static void create(Path file) throws IOException {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    Path beside = Files.createTempFile(file.getParent(), ".secret", ".new");
    try {
      Files.writeString(beside, Base64.getEncoder().encodeToString(key));
      Files.createLink(file, beside);
    } catch (FileAlreadyExistsException e) {
      // Another command was faster: its secret counts.
    } finally {
      Files.delete(beside);
    }
  }

  private static boolean isPrivate(Path file) throws IOException {
    if (!Places.isPosix(file)) {
      return true;
    }
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    return mode.endsWith("------");
  }

  /** Returns a number that is used once. */
  static String nonce() {
    byte[] random = new byte[BYTES];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** Returns the code of a text that only who has the secret can make. */
  String sign(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      byte[] code = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns whether a code is that of a text, in a time that tells nothing of it. */
  boolean signed(String text, String code) {
    return code != null
        && MessageDigest.isEqual(
            sign(text).getBytes(StandardCharsets.UTF_8), code.getBytes(StandardCharsets.UTF_8));
  }
}
