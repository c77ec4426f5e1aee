package io.caravan.limits.client;

import io.caravan.limits.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the client of a key. The keys come from a list, from a file, or from both. Only their
 * SHA-256 hashes are kept. The hash of a presented key is looked up among them, so that a wrong key
 * costs no more the more keys there are; how long that takes depends on the hash, of which nobody
 * can choose more than a few digits, and tells nothing of the keys.
 *
 * <p>The file has one key a line, with its limits; a limit that is left out does not apply:
 *
 * <pre>{@code
 * # printf %s "$KEY" | sha256sum
 * sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 name=ann rpm=60 models=claude-*
 * sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 name=ci monthly-usd=25 expires=2027-01-31
 * }</pre>
 *
 * <p>The file is checked once a second at most, when a key is presented. A broken new file is
 * logged and changes nothing else. Replace it in one move ({@code mv}, a Kubernetes secret): a file
 * read half written may count as one with fewer keys, until the next second.
 */
public final class ClientKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ClientKeys.class);
  private static final long CHECK_EVERY = Duration.ofSeconds(1).toNanos();

  private final ReentrantLock reloading = new ReentrantLock();
  private Time time = Time.system();
  private InstantSource clock = InstantSource.system();
  private Map<ByteBuffer, Client> listed = Map.of();
  private byte[] operatorKey;
  private String path;
  private WatchedFile file;
  private boolean unreadable;
  private volatile Map<ByteBuffer, Client> inFile = Map.of();
  private volatile long nextCheck;

  /**
   * Sets keys in plain text, separated by commas; they have no limits. Blank is none.
   *
   * @throws IllegalArgumentException if one is the key of an example
   */
  public void setKeys(String keys) {
    Map<ByteBuffer, Client> entries = new HashMap<>();
    for (String key : keys == null ? new String[0] : keys.split(",", -1)) {
      if (!key.isBlank()) {
        if (ExampleKeys.contain(key.strip())) {
          throw new IllegalArgumentException(
              "CARAVAN_API_KEYS has the key of an example, which everyone knows; make one of your"
                  + " own: openssl rand -hex 24");
        }
        byte[] hash = hash(key.strip());
        String id = KeyFile.defaultId(HexFormat.of().formatHex(hash));
        entries.put(ByteBuffer.wrap(hash), Client.unlimited(id));
      }
    }
    listed = Map.copyOf(entries);
  }

  /** Sets the operator's key, which is no client key; blank is none. */
  public void setOperatorKey(String key) {
    if (key != null && !key.isBlank() && ExampleKeys.contain(key.strip())) {
      throw new IllegalArgumentException(
          "CARAVAN_ADMIN_KEY is the key of an example, which everyone knows; make one of your own:"
              + " openssl rand -hex 24");
    }
    operatorKey = key == null || key.isBlank() ? null : hash(key.strip());
  }

  /** Returns whether a key is the operator's; null is not. */
  public boolean isOperators(String key) {
    return key != null
        && operatorKey != null
        && MessageDigest.isEqual(operatorKey, hash(key.strip()));
  }

  private static byte[] hash(String key) {
    return WatchedFile.sha256(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sets the file of hashed keys; blank is none. Its limits apply to a key that is in the list too.
   *
   * @throws IllegalArgumentException if a line can't be used; the message names it
   * @throws UncheckedIOException if the file can't be read
   */
  public void setFile(String path) {
    if (path == null || path.isBlank()) {
      return;
    }
    if (Files.isDirectory(Path.of(path))) {
      throw new IllegalArgumentException("The key file " + path + " is a directory");
    }
    this.path = path;
    file = new WatchedFile(Path.of(path), clock);
    try {
      inFile = KeyFile.parse(file.changed());
    } catch (IOException e) {
      throw new UncheckedIOException("The key file " + path + " can't be read", e);
    } catch (KeyFile.Broken e) {
      // Without the cause: it says less, and a failed start reports its innermost cause.
      throw new IllegalArgumentException("The key file " + path + ", " + e.getMessage());
    }
    nextCheck = time.nanoTime() + CHECK_EVERY;
    LOG.debug("{} client keys from {}", inFile.size(), path);
  }

  /**
   * Returns the line of a key file for a new key.
   *
   * @param name the name of its holder
   * @param settings its limits, as in the file: {@code rpm=60}
   * @throws IllegalArgumentException if the file could not have such a line
   */
  public static String line(String key, String name, List<String> settings) {
    StringBuilder line = new StringBuilder("sha256:");
    line.append(HexFormat.of().formatHex(hash(key))).append(" name=").append(name);
    settings.forEach(setting -> line.append(' ').append(setting));
    try {
      KeyFile.parse(line.toString().getBytes(StandardCharsets.UTF_8));
    } catch (KeyFile.Broken e) {
      throw new IllegalArgumentException(e.getMessage());
    }
    return line.toString();
  }

  /** Sets the clocks; called before the file is set. */
  void setTime(Time time, InstantSource clock) {
    this.time = time;
    this.clock = clock;
  }

  /** Returns whether clients need a key: there is a list or a file. */
  public boolean isConfigured() {
    return file != null || !listed.isEmpty();
  }

  /** Returns how many keys are known. */
  public int getCount() {
    return listed.size() + inFile.size();
  }

  /** Returns whether any key has a daily budget, for which usage must be kept. */
  public boolean hasBudgets() {
    return inFile.values().stream().anyMatch(Client::hasBudgets);
  }

  /** Names no key, as tools print beans. */
  @Override
  public String toString() {
    return "ClientKeys[" + getCount() + "]";
  }

  /** Returns the key's client, or null for a key that is unknown or has expired. */
  public Client authenticate(String key) {
    reloadIfChanged();
    if (key == null || key.isEmpty()) {
      return null;
    }
    ByteBuffer hash = ByteBuffer.wrap(hash(key));
    Client byFile = inFile.get(hash);
    if (byFile == null) {
      return listed.get(hash);
    }
    return byFile.isExpired(clock.instant()) ? null : byFile;
  }

  private void reloadIfChanged() {
    if (file == null || nextCheck - time.nanoTime() > 0 || !reloading.tryLock()) {
      return;
    }
    try {
      nextCheck = time.nanoTime() + CHECK_EVERY;
      byte[] content = file.changed();
      if (content != null) {
        inFile = KeyFile.parse(content);
        LOG.info("{} client keys from {}, which has changed", inFile.size(), path);
      }
      unreadable = false;
    } catch (KeyFile.Broken e) {
      LOG.warn("The key file {} is broken, {}; the keys stay as they were", path, e.getMessage());
    } catch (IOException e) {
      if (!unreadable) {
        LOG.warn(
            "The key file {} can't be read ({}); the keys stay as they were", path, e.toString());
      }
      unreadable = true;
    } finally {
      reloading.unlock();
    }
  }
}
