package io.caravan.stage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Knows the client keys by their SHA-256 only, and compares in constant time. */
final class ClientKeyCheck {
  static final ClientKeyCheck ANY = new ClientKeyCheck(List.of());

  private static final int TENANT_DIGITS = 12;

  private final List<byte[]> hashes;

  private ClientKeyCheck(List<byte[]> hashes) {
    this.hashes = hashes;
  }

  static ClientKeyCheck of(String commaSeparated) {
    List<byte[]> hashes = new ArrayList<>();
    for (String key : commaSeparated == null ? new String[0] : commaSeparated.split(",", -1)) {
      if (!key.isBlank()) {
        hashes.add(hash(key.strip()));
      }
    }
    return hashes.isEmpty() ? ANY : new ClientKeyCheck(List.copyOf(hashes));
  }

  /** A name for the key that gives nothing of it away; empty where any key will do; null for a key not known. */
  String tenantOf(String key) {
    if (hashes.isEmpty()) {
      return "";
    }
    byte[] asked = hash(key == null ? "" : key);
    boolean known = false;
    for (byte[] hash : hashes) {
      known |= MessageDigest.isEqual(hash, asked);
    }
    return known ? HexFormat.of().formatHex(asked).substring(0, TENANT_DIGITS) : null;
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
